// The total of an order: price * quantity, less a tenth from 100 pieces on.
//
// Build (zig is from `pip install ziglang`; clang with lld takes the same options):
//   python -m ziglang cc -target wasm32-freestanding -Os -nostdlib -Wl,--no-entry -s -o total.wasm total.c
// Serve:
//   PLAIT_REPLY_TYPE=total PLAIT_WASM='{"args": ["data.price", "data.quantity"]}' plait-wasmtime examples/wasm/c-core

__attribute__((export_name("total"))) double total(double price, int quantity) {
    double sum = price * quantity;
    return quantity < 100 ? sum : sum * 0.9;
}
