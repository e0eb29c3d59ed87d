// Tells, as JSON, what it can reach. Each value is a text, or an errno of WASI.
//
// Build: python -m ziglang cc -target wasm32-wasi -Os -s -o probe.wasm probe.c

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void tell_read(const char *name, const char *path) {
    char text[64];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("\"%s\":%d,", name, errno);
        return;
    }
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    for (char *c = text; *c; c++)
        if (*c == '\n') *c = ' ';
    printf("\"%s\":\"%s\",", name, text);
}

static void tell_write(const char *name, const char *path) {
    FILE *file = fopen(path, "w");
    int wrong = file == NULL ? errno : 0;
    if (file != NULL && (fputs("x", file) < 0 || fclose(file) != 0)) wrong = errno;
    printf("\"%s\":%d,", name, wrong);
}

int main(int argc, char **argv) {
    struct timespec before, after;
    unsigned char random[4];

    printf("{\"arguments\":%d,\"name\":\"%s\",\"environment\":\"", argc, argv[0]);
    for (char **each = environ; *each; each++) printf("%s;", *each);
    printf("\",");
    tell_read("file", "/data/there.txt");
    tell_read("outside", "/data/../../probe.c");
    tell_read("passwords", "/etc/passwd");
    tell_write("written", "/data/there.txt");
    tell_write("made", "/data/new.txt");
    printf("\"removed\":%d,", unlink("/data/there.txt") == 0 ? 0 : errno);

    clock_gettime(CLOCK_MONOTONIC, &before);
    usleep(20000);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long slept = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    printf("\"slept\":%ld,\"time\":%lld,", slept, (long long)time(NULL));
    getentropy(random, sizeof random);
    printf("\"random\":\"%02x%02x%02x%02x\"}\n", random[0], random[1], random[2], random[3]);
    return 0;
}
