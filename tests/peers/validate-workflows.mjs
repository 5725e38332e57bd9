// Reads workflows and actions, a JSON object of texts by their path, from standard input; writes by the same paths what
// GitHub's editor says against each. Of other actions it knows those whose metadata is in the variable ACTIONS, a JSON
// object of action.yml by what the action is used as, such as `owner/name`.
import { register } from "node:module";
import { json } from "node:stream/consumers";

// Its packages import JSON in a way that Node.js does not take any more: without saying that it is JSON.
const sayJson = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(sayJson)}`);
const { validate } = await import("@actions/languageservice");
const { TextDocument } = await import("vscode-languageserver-textdocument");

const actions = JSON.parse(process.env.ACTIONS);
const config = {
  actionsMetadataProvider: { fetchActionMetadata: async ({ owner, name }) => actions[`${owner}/${name}`] ?? {} },
};
const found = {};
for (const [path, text] of Object.entries(await json(process.stdin))) {
  const document = TextDocument.create(`file:///${path}`, "yaml", 0, text);
  const problems = await validate(document, config);
  found[path] = problems.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}
console.log(JSON.stringify(found));
