// Records what Knative's CESQL library gives: one JSON object a line on standard input,
// {"expr": ..., "attrs": {...}}, one a line on standard output. See ../README.md.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/cloudevents/sdk-go/sql/v2/parser"
	"github.com/cloudevents/sdk-go/v2/binding/spec"
	"github.com/cloudevents/sdk-go/v2/event"
)

type question struct {
	Expr  string            `json:"expr"`
	Attrs map[string]string `json:"attrs"`
}

type answer struct {
	Value any    `json:"value,omitempty"`
	Bytes []byte `json:"bytes,omitempty"` // of a string
	Type  string `json:"type,omitempty"`
	Error string `json:"error,omitempty"`
	Panic string `json:"panic,omitempty"` // the stage that crashed
}

func ask(q question) (a answer) {
	stage := "parse"
	defer func() {
		if recover() != nil {
			a = answer{Panic: stage}
		}
	}()
	expression, err := parser.Parse(q.Expr)
	if err != nil {
		return answer{Error: "parse error"}
	}
	stage = "evaluate"
	e := event.New(event.CloudEventsVersionV1)
	for name, value := range q.Attrs {
		_ = spec.V1.SetAttribute(e.Context, name, value)
	}
	value, err := expression.Evaluate(e)
	a = answer{Value: value, Type: fmt.Sprintf("%T", value)}
	if text, ok := value.(string); ok {
		a.Bytes = []byte(text)
	}
	if err != nil {
		a.Error, _, _ = strings.Cut(err.Error(), ":")
	}
	return a
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q question
		if in.Decode(&q) != nil {
			return
		}
		_ = out.Encode(ask(q))
	}
}
