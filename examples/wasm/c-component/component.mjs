// core.wasm and its WIT to a component: node component.mjs core.wasm WIT function.wasm
import { readFileSync, writeFileSync } from "node:fs";
import { componentEmbed, componentNew } from "@bytecodealliance/jco";

const [core, wit, output] = process.argv.slice(2);
const embedded = await componentEmbed({
  binary: readFileSync(core),
  witSource: readFileSync(wit, "utf8"),
  worldName: "function",
});
writeFileSync(output, await componentNew(embedded));
