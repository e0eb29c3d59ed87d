// Greets whoever the event's data names. The event comes as JSON on stdin, the reply goes to stdout.
//
// Build:
//
//	GOOS=wasip1 GOARCH=wasm go build -ldflags='-s -w' -o greet.wasm .
//
// Serve:
//
//	plait-wasmtime --compile greet.wasm
//	plait-wasmtime examples/wasm/go-command
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Event is a CloudEvent in JSON; more attributes are there if you add them.
type Event struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	DataContentType string          `json:"datacontenttype,omitempty"`
	Data            json.RawMessage `json:"data,omitempty"`
}

// Exit codes with a meaning: the event is wrong (400), or not now (503). Any other but 0 is a failure (500).
const (
	reject     = 65
	retryLater = 75
)

func main() {
	var event Event
	if err := json.NewDecoder(os.Stdin).Decode(&event); err != nil {
		end(1, err)
	}
	var data struct{ Name string }
	if err := json.Unmarshal(event.Data, &data); err != nil {
		end(reject, err)
	}
	if data.Name == "" {
		end(reject, fmt.Errorf("data.name is missing"))
	}
	greeting, _ := json.Marshal(map[string]string{"greeting": "hello, " + data.Name})
	reply := Event{
		SpecVersion:     "1.0",
		ID:              event.ID + "-greeted",
		Source:          "/greeter",
		Type:            "com.example.greeted",
		DataContentType: "application/json",
		Data:            greeting,
	}
	if err := json.NewEncoder(os.Stdout).Encode(reply); err != nil {
		end(retryLater, err)
	}
}

func end(code int, err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(code)
}
