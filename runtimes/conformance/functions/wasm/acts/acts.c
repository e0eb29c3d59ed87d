// Does what the event's type says. The event comes as JSON on stdin, the reply goes to stdout.
//
// Build (zig is from `pip install ziglang`): python -m ziglang cc -target wasm32-wasi -Os -s -o acts.wasm acts.c

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char event[1 << 16];

struct reply {
    const char *type, *text;
};

static const struct reply replies[] = {
    {"object", "{\"a\":1}"},
    {"list", "[1,2]"},
    {"text", "\"text \xe2\x82\xac\""},
    {"number", "5"},
    {"boolean", "false"},
    {"nothing", ""},
    {"event", "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/made\",\"type\":\"made\",\"data\":{\"made\":true}}"},
    {"nonsense", "nonsense"},
    {"broken", "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/made\",\"type\":\"\"}"},
};

// No parser of JSON: the suite's events have their type in one place, and no quotes in it.
static const char *type_of(char *text) {
    char *type = strstr(text, "\"type\":\"") + strlen("\"type\":\"");
    *strchr(type, '"') = 0;
    return type;
}

static void say(int file, const char *text) {
    write(file, text, strlen(text));
}

int main(void) {
    read(0, event, sizeof event - 1);
    const char *type = type_of(event);
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
        if (strcmp(type, replies[i].type) == 0) say(1, replies[i].text);
    if (strcmp(type, "fail") == 0) __builtin_trap();
    if (strcmp(type, "exit") == 0) return 5;
    if (strcmp(type, "hang") == 0)
        for (volatile int turns = 0;; turns++);
    if (strcmp(type, "reject") == 0) {
        say(2, "no order number\n");
        return 65;
    }
    if (strcmp(type, "retry") == 0) {
        say(2, "the database is away\n");
        return 75;
    }
    return 0;
}
