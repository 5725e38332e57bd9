// A comment as GitHub shows it: what GitHub's parser makes of the Markdown goes through an allowlist modelled on GitHub's
// and gets its alerts, the colours of its grammars, and its style sheet. Not reproduced: Mermaid, the image proxy, fonts.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { createStarryNight } from "@wooorm/starry-night";
import diff from "@wooorm/starry-night/source.diff";
import hcl from "@wooorm/starry-night/source.hcl";
import json from "@wooorm/starry-night/source.json";
import { fromHtml } from "hast-util-from-html";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { toString } from "hast-util-to-string";
import githubAlert from "rehype-github-alert";

const THEMES = {
  light: { background: "#ffffff", border: "#d1d9e0" },
  dark: { background: "#0d1117", border: "#3d444d" },
};

// GitHub allows <wbr> as well: github/html-pipeline, SanitizationFilter.
const SCHEMA = {
  ...defaultSchema,
  tagNames: [...defaultSchema.tagNames, "wbr"],
  attributes: { ...defaultSchema.attributes, pre: [...(defaultSchema.attributes.pre ?? []), "lang"] },
};

const asset = (name) => fs.readFileSync(fileURLToPath(import.meta.resolve(name)), "utf8");
const highlighter = await createStarryNight([diff, hcl, json]);

function highlight(node) {
  for (const child of node.children ?? []) {
    const code = child.tagName === "pre" && child.children.find((each) => each.tagName === "code");
    const scope = code && highlighter.flagToScope(child.properties.lang ?? "");
    if (scope) code.children = highlighter.highlight(toString(code).replace(/\n$/, ""), scope).children;
    else highlight(child);
  }
}

export function githubPage(html, theme = "light") {
  const tree = sanitize(fromHtml(html, { fragment: true }), SCHEMA);
  githubAlert()(tree);
  highlight(tree);
  const { background, border } = THEMES[theme];
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${asset(`github-markdown-css/github-markdown-${theme}.css`)}
${asset(`@wooorm/starry-night/style/${theme}`)}
body { margin: 0; padding: 24px; background: ${background} }
.comment { border: 1px solid ${border}; border-radius: 6px; max-width: 860px }
.comment > .markdown-body { padding: 16px; font-size: 14px; border-radius: 6px }
@media (max-width: 600px) { body { padding: 8px } }</style>
<div class="comment"><div class="markdown-body">${toHtml(tree)}</div></div>`;
}
