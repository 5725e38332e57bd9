// Reads comments, a JSON object of what GitHub's parser made of each by its name, from standard input; writes by the same
// names the links and images that are left by an allowlist modelled on GitHub's, and what else GitHub would make of the
// text: references to issues, commits and people (remark-github), and pictures for `:names:` (rehype-github-emoji).
import { json } from "node:stream/consumers";
import { fromHtml } from "hast-util-from-html";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import githubEmoji from "rehype-github-emoji";
import remarkGithub from "remark-github";

const schema = { ...defaultSchema, tagNames: [...defaultSchema.tagNames, "wbr"] };
const UNTOUCHED = ["a", "code", "pre"]; // github/html-pipeline, MentionFilter
const refer = remarkGithub({ repository: "acme/infra" });

function references(text) {
  const paragraph = { type: "paragraph", children: [{ type: "text", value: text }] };
  refer({ type: "root", children: [paragraph] });
  return paragraph.children.filter((node) => node.type === "link").map((node) => node.url);
}

function look(node, found, isText = true) {
  const { href, cite, src, longDesc } = node.properties ?? {};
  found.links.push(...[href, cite].filter(Boolean));
  found.images.push(...[src, longDesc].filter(Boolean));
  if (node.type === "text" && isText) found.references.push(...references(node.value));
  for (const child of node.children ?? []) look(child, found, isText && !UNTOUCHED.includes(node.tagName));
}

const all = {};
for (const [name, html] of Object.entries(await json(process.stdin))) {
  const found = (all[name] = { links: [], images: [], references: [], emoji: [] });
  const tree = sanitize(fromHtml(html, { fragment: true }), schema);
  look(tree, found);
  // It is also told of every emoji that is written as itself.
  githubEmoji({ build: (_, written) => (written.startsWith(":") && found.emoji.push(written), written) })(tree);
}
console.log(JSON.stringify(all));
