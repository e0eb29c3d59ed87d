// Counts the words of the event's data, which is text. The event comes as JSON on stdin, the reply goes to stdout.
//
// Build (zig is from `pip install ziglang`; the clang of wasi-sdk takes the same options):
//   python -m ziglang cc -target wasm32-wasi -Os -s -o count.wasm count.c
// Serve:
//   PLAIT_REPLY_TYPE=counted plait-wasmtime examples/wasm/c-command

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char event[1 << 20];

int main(void) {
    size_t length = fread(event, 1, sizeof event - 1, stdin);
    event[length] = 0;

    // No parser of JSON: the text is told by the quotes around it, and one with a quote in it is refused.
    char *data = strstr(event, "\"data\":\"");
    if (data == NULL) {
        fprintf(stderr, "the event has no text for its data\n");
        return 65; // Reject: 400
    }
    data += strlen("\"data\":\"");
    if (strchr(data, '\\') != NULL) {
        fprintf(stderr, "quotes and control characters are not counted\n");
        return 65;
    }
    *strchr(data, '"') = 0;

    int words = 0;
    for (char *word = strtok(data, " "); word != NULL; word = strtok(NULL, " ")) words++;
    printf("{\"words\": %d}\n", words);
    return 0;
}
