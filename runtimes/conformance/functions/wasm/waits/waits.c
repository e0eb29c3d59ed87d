// Waits as long as the event's type says. The event comes as JSON on stdin, the reply goes to stdout.
//
// Build (zig is from `pip install ziglang`): python -m ziglang cc -target wasm32-wasi -Os -s -o waits.wasm waits.c

#include <string.h>
#include <time.h>
#include <unistd.h>

static char event[1 << 16];

static int is(const char *member) {
    return strstr(event, member) != NULL;
}

int main(void) {
    struct timespec time = {3600, 0};
    read(0, event, sizeof event - 1);
    if (is("\"type\":\"slow\"")) time = (struct timespec){0, 300000000};
    if (is("\"type\":\"slower\"")) time = (struct timespec){2, 0};
    nanosleep(&time, NULL);
    write(1, "\"waited\"", strlen("\"waited\""));
    return 0;
}
