;; add(i32, i32) -> i32. Compile it: python -c "import wasmtime; open('add.wasm', 'wb').write(wasmtime.wat2wasm(open('add.wat').read()))"
(module
  (func (export "add") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add))
