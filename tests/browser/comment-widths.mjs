// Says what of each comment does not fit a phone, as JSON: node comment-widths.mjs CHROMIUM FOLDER, which holds NAME.html
import fs from "node:fs";
import path from "node:path";
import { launch } from "./chromium.mjs";
import { githubPage } from "./github-page.mjs";

const PHONE = { width: 400, height: 800 };

// Code blocks scroll, and a reader knows it. Anything else that does, or that stands out of the comment, hides what it says.
function tooWide() {
  const comment = document.querySelector(".comment > .markdown-body");
  const edge = comment.getBoundingClientRect().right - parseFloat(getComputedStyle(comment).paddingRight) + 0.5;
  const isWide = (node) => {
    if (node.closest("pre")) return false;
    const scrolls = getComputedStyle(node).display !== "inline" && node.scrollWidth > node.clientWidth + 1;
    return scrolls || [...node.getClientRects()].some((box) => box.right > edge);
  };
  const wide = [...comment.querySelectorAll("*")].filter(isWide);
  return wide.map((node) => `${node.localName}: ${node.textContent.trim().replace(/\s+/g, " ").slice(0, 100)}`);
}

function openAll() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

const [executablePath, folder] = process.argv.slice(2);
const browser = await launch(executablePath);
const page = await browser.newPage({ viewport: PHONE });
const found = {};
for (const file of fs.readdirSync(folder)) {
  await page.setContent(githubPage(fs.readFileSync(path.join(folder, file), "utf8")));
  const folded = await page.evaluate(tooWide);
  await page.evaluate(openAll);
  found[path.basename(file, ".html")] = { folded, open: await page.evaluate(tooWide) };
}
await browser.close();
console.log(JSON.stringify(found));
