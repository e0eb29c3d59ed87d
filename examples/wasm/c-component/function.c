// A component in C without any library: the canonical ABI of
//   handle: func(event: string) -> result<option<string>, failure>
// by hand. For more than this, let wit-bindgen write it.
//
// Build (zig is from `pip install ziglang`):
//   python -m ziglang cc -target wasm32-freestanding -Os -nostdlib -Wl,--no-entry -s -o core.wasm function.c
//   npm install @bytecodealliance/jco && node component.mjs core.wasm ../../../runtimes/wasmtime/wit/function.wit function.wasm

typedef unsigned char byte;
typedef unsigned int word;

// An instance lives for one event: memory is only ever taken.
static byte heap[1 << 21];
static word used;

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, word old_size, word align, word size) {
    used = (used + align - 1) & -align;
    if (used + size > sizeof heap) __builtin_trap();
    byte *taken = heap + used;
    used += size;
    for (word i = 0; i < old_size; i++) taken[i] = ((byte *)old)[i];
    return taken;
}

// result<option<string>, failure>, as it lies in memory.
static struct {
    word is_error;
    union {
        word is_some; // of the option
        word failure; // 0 reject, 1 retry-later
    };
    const char *text;
    word length;
} result;

static word length_of(const char *text) {
    word n = 0;
    while (text[n]) n++;
    return n;
}

static int starts_with(const char *text, word length, const char *start) {
    word n = length_of(start);
    if (length < n) return 0;
    for (word i = 0; i < n; i++)
        if (text[i] != start[i]) return 0;
    return 1;
}

static void *answer(word is_error, word kind, const char *text) {
    result.is_error = is_error;
    result.failure = kind;
    result.text = text;
    result.length = length_of(text);
    return &result;
}

// Answers an event by the word that its JSON holds.
__attribute__((export_name("handle"))) void *handle(const char *event, word length) {
    for (word i = 0; i < length; i++) {
        if (starts_with(event + i, length - i, "\"hello\"")) return answer(0, 1, "{\"greeting\":\"hello from C\"}");
        if (starts_with(event + i, length - i, "\"later\"")) return answer(1, 1, "not today");
        if (starts_with(event + i, length - i, "\"nothing\"")) return answer(0, 0, "");
    }
    return answer(1, 0, "say hello");
}
