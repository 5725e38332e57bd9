// Photographs a comment as GitHub shows it, each picture cropped to the comment's card: node pictures.mjs CHROMIUM HTML FOLDER
import fs from "node:fs";
import path from "node:path";
import { launch } from "./chromium.mjs";
import { githubPage } from "./github-page.mjs";
import { smallPng } from "./small-png.mjs";

const PICTURES = [
  { name: "comment-light", theme: "light", width: 920 },
  { name: "comment-dark", theme: "dark", width: 920 },
  { name: "comment-phone", theme: "light", width: 400, most: 1000 }, // pixels of its height: the rest is scrolled to
];

const [executablePath, html, folder] = process.argv.slice(2);
const browser = await launch(executablePath, "--font-render-hinting=none");
for (const { name, theme, width, most = Infinity } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.setContent(githubPage(fs.readFileSync(html, "utf8"), theme));
  const card = await page.locator(".comment").boundingBox();
  const screenshot = await page.screenshot({ fullPage: true, clip: { ...card, height: Math.min(card.height, most) } });
  fs.writeFileSync(path.join(folder, `${name}.png`), smallPng(screenshot));
  await page.close();
}
await browser.close();
