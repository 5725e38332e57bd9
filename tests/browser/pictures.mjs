// Photographs comments as GitHub shows them, each picture cropped to the comment's card: node pictures.mjs CHROMIUM PARSED FOLDER
// PARSED has the HTML of the comment of each scenario.
import fs from "node:fs";
import path from "node:path";
import { launch } from "./chromium.mjs";
import { githubPage } from "./github-page.mjs";
import { smallPng } from "./small-png.mjs";

const PICTURES = [
  { name: "comment-light", scenario: "push", theme: "light", width: 920 },
  { name: "comment-dark", scenario: "push", theme: "dark", width: 920 },
  { name: "comment-phone", scenario: "push", theme: "light", width: 400, most: 1000 }, // pixels of its height: the rest is scrolled to
  { name: "many-light", scenario: "many", theme: "light", width: 920, folded: true },
  { name: "many-dark", scenario: "many", theme: "dark", width: 920, folded: true }, // the workspaces, without what is in them
  ...["failed", "policies", "applied"].flatMap((scenario) =>
    ["light", "dark"].map((theme) => ({ name: `${scenario}-${theme}`, scenario, theme, width: 920, most: 640 })),
  ),
];

const [executablePath, parsed, folder] = process.argv.slice(2);
const browser = await launch(executablePath, "--font-render-hinting=none");
for (const { name, scenario, theme, width, folded, most = Infinity } of PICTURES) {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const html = fs.readFileSync(path.join(parsed, `${scenario}.html`), "utf8");
  await page.setContent(githubPage(folded ? html.replaceAll("<details open>", "<details>") : html, theme));
  const card = await page.locator(".comment").boundingBox();
  const screenshot = await page.screenshot({ fullPage: true, clip: { ...card, height: Math.min(card.height, most) } });
  fs.writeFileSync(path.join(folder, `${name}.png`), smallPng(screenshot));
  await page.close();
}
await browser.close();
