// The HTML report in a real Chromium. Run by test_report_in_chromium.py: node report.test.mjs CHROMIUM FOLDER
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./chromium.mjs";

const [executablePath, folder] = process.argv.slice(2);
const browser = await launch(executablePath);
const wrong = []; // what no report may cause: console messages, exceptions, requests, dialogs
after(() => browser.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  assert.deepEqual(wrong.splice(0), []);
});

const url = (name, hash = "") => pathToFileURL(path.join(folder, `${name}.html`)).href + hash;

async function open(name, { hash = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => {
    if (!request.url().startsWith(url(name)) && request.url() !== "data:,") wrong.push(`request: ${request.url()}`);
  });
  await page.goto(url(name, hash));
  return page;
}

const addresses = (page) => page.locator(".change > summary .subject code").allTextContents();
const expandAll = (page) => page.evaluate(() => document.getElementById("expand").click()); // hidden where changes are few
const focused = (page) => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);

async function search(page, text) {
  await page.locator("#search").fill(text);
  await page.locator("#search").press("Enter"); // which does not wait for the next key
}

test("search finds addresses, attributes and values, whatever their case", async () => {
  const page = await open("twice");
  for (const [text, found] of [
    ["SUBNET.APP", ['aws_subnet.app["b"]', 'aws_subnet.app["c"]']],
    ["0.0.0.0/0", ["aws_security_group.web"]],
    ["retention_in_days = 30", ["aws_cloudwatch_log_group.app"]],
    ["costcenter", ["aws_s3_bucket.reports"]],
    [".*", []],
  ]) {
    await search(page, text);
    const twice = found.flatMap((address) => [address, `module.other.${address}`]);
    assert.deepEqual((await addresses(page)).toSorted(), twice.toSorted());
  }
  assert.ok(await page.getByText("No change matches.").isVisible());
  assert.equal(await page.locator("#count").textContent(), "0 of 22 changes");
});

test("what the search finds only inside a change stands open, and is marked", async () => {
  const page = await open("twice");
  await search(page, "max_message_size");
  const opened = (all) => all.map((details) => details.open);
  assert.deepEqual(await page.locator(".change").evaluateAll(opened), [true, true]);
  assert.deepEqual(await page.locator("mark").allTextContents(), ["max_message_size", "max_message_size"]);
  await search(page, "");
  const folded = await page.locator(".change", { hasText: "aws_sqs_queue.jobs" }).evaluateAll(opened);
  assert.deepEqual(folded, [false, false]);
});

test("what is alike is one row, which opens to all its addresses", async () => {
  const page = await open("many", { hash: "#module.alike.t.same%5B1007%5D" });
  const group = page.locator(".change", { hasText: "1,200 × module.alike.t.same" });
  assert.ok(await group.evaluate((details) => details.open));
  assert.equal(await group.locator(".members li").count(), 1200);
  assert.equal(await group.locator("pre").count(), 1);
  await search(page, "same[1007]");
  assert.equal(await page.locator("#count").textContent(), "1 of 6,200 changes");
  assert.deepEqual(await page.locator("mark").allTextContents(), ["same[1007]"]);
});

test("of a group those are counted that are asked for", async () => {
  const page = await open("many");
  await page.locator("#module").selectOption("module.alike");
  assert.equal(await page.locator("#count").textContent(), "1,200 of 6,200 changes");
  await search(page, "same[11");
  assert.equal(await page.locator("#count").textContent(), "111 of 6,200 changes");
});

test("what deserves a look and what holds data can be asked for, and is told in words", async () => {
  const page = await open("twice");
  await page.getByRole("button", { name: /deserves a look/ }).click();
  const web = ["aws_security_group.web", "module.other.aws_security_group.web"];
  assert.deepEqual((await addresses(page)).filter((text) => text.includes("web")), web);
  assert.ok((await addresses(page)).every((address) => !address.includes("aws_sqs_queue")));
  const row = page.locator(".change > summary", { hasText: "aws_security_group.web" }).first();
  assert.match(await row.innerText(), /\u26a0\ufe0f aws_security_group\.web: opens port 22 to 0\.0\.0\.0\/0/);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("button", { name: /holds data/ }).click();
  const held = await page.locator(".change > summary").allInnerTexts();
  assert.ok(held.length && held.every((text) => /holds? data/.test(text)));
});

test("a few changes are read without search and filters, and the keys know it", async () => {
  const page = await open("mixed-update");
  assert.ok(!(await page.locator("#tools").isVisible()));
  await page.keyboard.press("/");
  assert.notEqual(await focused(page), "search");
  assert.ok(!(await (await open("fan-out-300")).locator("#chips").isVisible()), "one action needs no filter");
});

test("search while typing needs no other key", async () => {
  const page = await open("twice");
  await page.locator("#search").pressSequentially("subnet_ids.c");
  await page.getByText("0 of 22 changes").waitFor();
  assert.equal(await page.locator("#sections details[open] mark").first().textContent(), "subnet_ids.c");
});

test("filters filter by action, by type and by module, together; clear takes them back", async () => {
  const page = await open("nested-modules-odd-keys");
  const all = await page.locator("#count").textContent();
  await page.getByRole("button", { name: /change/ }).first().click();
  assert.equal(await page.getByRole("button", { name: /🟡 change/ }).getAttribute("aria-pressed"), "true");
  const labels = await page.locator(".change > summary > .label").allTextContents();
  assert.deepEqual([...new Set(labels)], ["🟡 change"]);
  const module_ = await page.locator("#module option").nth(1).textContent();
  await page.locator("#module").selectOption(module_);
  assert.ok((await addresses(page)).length);
  assert.notEqual(await page.locator("#count").textContent(), all);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await page.locator("#count").textContent(), all);
  assert.equal(await focused(page), "search");

  const mixed = await open("twice");
  await mixed.locator("#type").selectOption("aws_subnet");
  await mixed.locator("#module").selectOption("root");
  assert.deepEqual(await addresses(mixed), ['aws_subnet.app["b"]', 'aws_subnet.app["c"]']);
});

test("everything can be done by keyboard: / searches, Enter goes to the first hit and opens it", async () => {
  const page = await open("twice");
  await page.keyboard.press("/");
  assert.equal(await focused(page), "search");
  await page.keyboard.type("sqs/");
  assert.equal(await page.locator("#search").inputValue(), "sqs/");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Enter");
  assert.match(await focused(page), /aws_sqs_queue\.jobs/);
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(ring, "solid");
  await page.keyboard.press("Enter");
  await page.locator(".change[open] pre").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#count").textContent(), "22 of 22 changes");
});

test("the arrow keys go from row to row, past what is built yet, and on to the sections", async () => {
  const page = await open("many");
  await page.keyboard.press("/");
  await page.keyboard.press("Enter");
  for (let presses = 0; presses < 120; presses += 1) await page.keyboard.press("ArrowDown");
  assert.match(await focused(page), /module\.m1\.terraform_data\.x120\b/);
  await page.keyboard.press("ArrowUp");
  assert.match(await focused(page), /module\.m1\.terraform_data\.x119\b/);

  const mixed = await open("mixed-update");
  await mixed.locator("summary").nth(10).focus();
  await mixed.keyboard.press("ArrowDown");
  assert.match(await focused(mixed), /^Outputs/);
  await mixed.keyboard.press("ArrowDown");
  assert.match(await focused(mixed), /^Outputs/, "there is nothing below");
});

test("a link opens its change, wherever it stands and whatever is in its key", async () => {
  for (const name of ["mixed-update", "nested-modules-odd-keys", "hostile-values"]) {
    const everything = await open(name);
    const hide = async (page) => (await page.locator("#tools").isVisible()) && search(page, "nothing has this in it");
    const data = await everything.evaluate(() => JSON.parse(document.getElementById("plan").textContent).changes);
    const page = await open(name, { hash: `#${encodeURIComponent(data.at(-1).address)}` });
    assert.ok((await focused(page)).includes(data.at(-1).address));
    assert.ok(await page.locator(".change:last-child[open]").last().isVisible());
    await hide(page); // so that the link has to take the search back
    await page.evaluate((address) => (location.hash = encodeURIComponent(address)), data[0].address);
    await page.locator(".change:first-child[open]").first().waitFor();
    assert.ok((await focused(page)).includes(data[0].address));
  }
});

test("a link that names nothing, or is malformed, does nothing", async () => {
  for (const hash of ["#aws_nothing.here", "#%", "#plan"]) {
    assert.equal((await addresses(await open("mixed-update", { hash }))).length, 11);
  }
});

test("what the alerts name leads to it, and so do the links of the sections", async () => {
  const page = await open("mixed-update");
  await page.evaluate(() => document.getElementById("collapse").click());
  await page.locator('.caution a >> text="aws_cloudwatch_log_group.legacy"').click();
  await page.locator(".change[open]", { hasText: "aws_cloudwatch_log_group.legacy" }).waitFor();
  await page.locator('.warning a >> text="aws_security_group.web"').click();
  await page.locator(".change[open]", { hasText: "aws_security_group.web" }).waitFor();
  await page.getByRole("link", { name: /^Outputs: / }).click();
  await page.locator("#sections details[open]", { hasText: "queue_url" }).waitFor();
  assert.deepEqual(await page.locator(".caution a").allTextContents(), [
    "aws_dynamodb_table.locks",
    "aws_cloudwatch_log_group.legacy",
    'aws_subnet.app["b"]',
  ]);
});

test("folds are those of the comment; what is asked for in them stands open", async () => {
  const page = await open("web-app-create");
  const folds = page.locator(".fold");
  assert.ok((await folds.count()) > 3);
  assert.equal(await page.locator(".fold .change").count(), 0, "what is in a folded fold is not built");
  await page.locator("summary", { hasText: "module.network: all 13 resources" }).click();
  await page.locator(".fold[open] .change", { hasText: "module.network.aws_vpc.this" }).waitFor();

  await search(page, "bucket_public_access");
  assert.ok((await page.locator(".fold[open] .change").count()) > 0);
  assert.ok(await page.locator("mark").first().isVisible());

  const inside = await open("web-app-create", { hash: "#module.network.aws_vpc.this" });
  await inside.locator(".fold[open] .change[open]", { hasText: "module.network.aws_vpc.this" }).waitFor();
  assert.match(await focused(inside), /module\.network\.aws_vpc\.this/);
});

test("a change's own link is copied, and says so", async () => {
  const page = await open("mixed-update", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByRole("link", { name: 'Copy link to this change: aws_dynamodb_table.locks' }).click();
  await page.getByText("Copied").waitFor();
  assert.ok(page.url().endsWith("#aws_dynamodb_table.locks"));
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
});

test("expand all opens all, collapse all closes all, and a filter keeps what was opened", async () => {
  const page = await open("twice");
  await page.getByRole("button", { name: "Expand all" }).click();
  assert.equal(await page.locator("details[open]").count(), 23);
  await page.getByRole("button", { name: "Collapse all" }).click();
  assert.equal(await page.locator("details[open]").count(), 0);
  await page.locator("summary", { hasText: "aws_security_group.web" }).first().click();
  await page.locator("details[open] pre").waitFor();
  await search(page, "security");
  assert.equal(await page.locator("details[open]").count(), 1);
});

for (const name of ["hostile-values", "nested-modules-odd-keys", "sensitive-nested"]) {
  test(`no value becomes anything but text: ${name}`, async () => {
    const page = await open(name);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const tags = await page.locator("#changes *, #sections *").evaluateAll((nodes) => nodes.map((node) => node.localName));
    const ours = new Set("a button code details div li p pre span strong summary ul".split(" "));
    assert.deepEqual(tags.filter((tag) => !ours.has(tag)), []);
    assert.equal(await page.locator("script").count(), 2);
    assert.equal(await page.locator("img, iframe, object, embed, form, base, video, audio, svg, math").count(), 0);
  });
}

test("a script that is not ours does not run, and a style that is not ours has no effect", async () => {
  const page = await open("mixed-update");
  const outcome = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.stranger = true";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", "<i id=stranger style='color: rgb(1, 2, 3)' onclick='stranger = 1'>x</i>");
    document.getElementById("stranger").click();
    const colour = getComputedStyle(document.getElementById("stranger")).color;
    return [window.stranger instanceof HTMLElement, colour === "rgb(1, 2, 3)"];
  });
  assert.deepEqual(outcome, [true, false]);
  const said = wrong.splice(0);
  assert.equal(said.length, 3);
  assert.ok(said.every((message) => message.includes("Content Security Policy")));
});

test("without JavaScript the verdict and a note stand there, and no control that does nothing", async () => {
  // Playwright's own switch comes too late: the parser would read <noscript> as if there were scripts.
  const scriptless = await launch(executablePath, "--blink-settings=scriptEnabled=false");
  const page = await scriptless.newPage();
  await page.goto(url("mixed-update"));
  const shown = await page.locator("body").innerText();
  await scriptless.close();
  assert.match(shown, /^destroys 2 resources with data, \d+ changes? deserves? a look$/im);
  assert.match(shown, /^Plan: 4 to add, 6 to change, 3 to destroy\./m);
  assert.match(shown, /Allow JavaScript to see them/);
  assert.doesNotMatch(shown, /Expand all|changes in place/);
});

// What a reader would have to scroll to the side for, or could not see at all.
function cut() {
  const isCut = (node) => {
    const style = getComputedStyle(node);
    if (node.closest(".unseen") || style.display === "inline" || !node.clientWidth) return false;
    return node.scrollWidth > node.clientWidth + 1;
  };
  const nodes = [...document.querySelectorAll("header *, main *, footer *")].filter(isCut);
  return nodes.map((node) => `${node.localName}: ${node.textContent.slice(0, 80)}`);
}

for (const [colorScheme, background] of [["light", "rgb(255, 255, 255)"], ["dark", "rgb(13, 17, 23)"]]) {
  for (const width of [400, 1400]) {
    test(`fits a window of ${width} pixels, ${colorScheme}`, async () => {
      for (const name of ["twice", "nested-modules-odd-keys", "hostile-values"]) {
        const page = await open(name, { colorScheme, viewport: { width, height: 900 } });
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), background);
        await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`) });
        await expandAll(page);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, name);
        assert.deepEqual(await page.evaluate(cut), [], name);
      }
    });
  }
}

test("printed, everything stands open, the paper is white and the controls are gone; then all is as it was", async () => {
  const page = await open("many", { colorScheme: "dark" });
  await search(page, "module.m1");
  assert.ok((await page.locator(".change").count()) < 1000);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator(".change[open] pre").count(), 1100);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const control of ["#tools", ".body a", ".more"]) {
    assert.equal(await page.locator(control).locator("visible=true").count(), 0, control);
  }
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok((await page.locator(".change[open]").count()) < 100);

  const long = await open("long");
  await long.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok((await long.locator(".change .line").count()) > 10_000, "no line is left out on paper");
});

test("a diff of 10,000 lines is shown in parts, all of them in the end", async () => {
  const page = await open("long");
  await expandAll(page);
  const count = () => page.locator(".change .line").count();
  assert.equal(await count(), 2000);
  const more = page.getByRole("button", { name: /Show more/ });
  for (let clicks = 0; await more.isVisible(); clicks += 1) {
    assert.ok(clicks < 10);
    await more.click();
  }
  assert.ok((await count()) > 10_000);
});

test("of thousands of changes only those are built that are looked at", async () => {
  const page = await open("many");
  const built = () => page.locator(".change").count();
  assert.equal(await page.locator("#count").textContent(), "6,200 of 6,200 changes");
  assert.ok((await built()) <= 200);

  await page.keyboard.press("End");
  await page.locator(".change", { hasText: "1,200 × module.alike" }).waitFor();
  assert.ok((await built()) < 1000);
  await search(page, "m41.");
  assert.equal(await page.locator("#count").textContent(), "100 of 6,200 changes");
  await search(page, "");
  await page.evaluate(() => (location.hash = "module.m30.terraform_data.x3077"));
  await page.locator(".change[open]", { hasText: "module.m30.terraform_data.x3077" }).waitFor();
  const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 900, `${top}`);
});

test("an empty plan has nothing to search", async () => {
  const page = await open("no-changes");
  assert.ok(!(await page.locator("#tools").isVisible()));
  assert.ok(await page.getByText("No changes. Your infrastructure matches the configuration.").isVisible());
});
