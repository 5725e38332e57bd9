// Reads GraphQL documents, a JSON list, from standard input; writes for each the list of what GitHub's schema says
// against it. The schema is GitHub's own.
import { validate } from "@octokit/graphql-schema";
import { readFileSync } from "node:fs";

const documents = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(documents.map((document) => validate(document).map(String))));
