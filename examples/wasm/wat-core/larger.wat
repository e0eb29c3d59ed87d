;; The larger of two numbers, and by how much: two results, so the reply is {"result": [larger, excess]}.
;;
;; Nothing to build: a .wat is taken as it is. Serve:
;;   PLAIT_REPLY_TYPE=larger PLAIT_WASM='{"args": ["data[0]", "data[1]"]}' plait-wasmtime examples/wasm/wat-core
(module
  (func (export "larger") (param $a i64) (param $b i64) (result i64 i64)
    (if (result i64 i64) (i64.ge_s (local.get $a) (local.get $b))
      (then (local.get $a) (i64.sub (local.get $a) (local.get $b)))
      (else (local.get $b) (i64.sub (local.get $b) (local.get $a))))))
