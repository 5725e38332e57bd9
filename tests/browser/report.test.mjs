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

const addresses = (page) => page.locator(".change > summary code").allTextContents();
const focused = (page) => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);

async function search(page, text) {
  await page.locator("#search").fill(text);
  await page.locator("#search").press("Enter"); // which does not wait for the next key
}

test("search finds addresses, attributes and values, whatever their case", async () => {
  const page = await open("mixed-update");
  for (const [text, found] of [
    ["SUBNET.APP", ['aws_subnet.app["b"]', 'aws_subnet.app["c"]']],
    ["0.0.0.0/0", ["aws_security_group.web"]],
    ["retention_in_days = 30", ["aws_cloudwatch_log_group.app"]],
    ["costcenter", ["aws_s3_bucket.reports"]],
    [".*", []],
  ]) {
    await search(page, text);
    assert.deepEqual(await addresses(page), found);
  }
  assert.ok(await page.getByText("No change matches.").isVisible());
  assert.equal(await page.locator("#count").textContent(), "0 of 11 changes");
});

test("what the search finds only inside a change stands open, and is marked", async () => {
  const page = await open("mixed-update");
  await search(page, "max_message_size");
  assert.ok(await page.locator(".change").evaluate((details) => details.open));
  assert.deepEqual(await page.locator("mark").allTextContents(), ["max_message_size"]);
  await search(page, "");
  assert.ok(!(await page.locator(".change", { hasText: "aws_sqs_queue.jobs" }).evaluate((details) => details.open)));
});

test("search while typing needs no other key", async () => {
  const page = await open("mixed-update");
  await page.locator("#search").pressSequentially("queue_url");
  await page.getByText("0 of 11 changes").waitFor();
  assert.equal(await page.locator("#sections details[open] mark").textContent(), "queue_url");
});

test("filters filter by action, by type and by module, together; clear takes them back", async () => {
  const page = await open("nested-modules-odd-keys");
  const all = await page.locator("#count").textContent();
  await page.getByRole("button", { name: /change/ }).first().click();
  assert.equal(await page.getByRole("button", { name: /🟡 change/ }).getAttribute("aria-pressed"), "true");
  const labels = await page.locator(".change > summary > span:first-child").allTextContents();
  assert.deepEqual([...new Set(labels)], ["🟡 change"]);
  const module_ = await page.locator("#module option").nth(1).textContent();
  await page.locator("#module").selectOption(module_);
  const found = await addresses(page);
  assert.ok(found.length && found.every((address) => address.startsWith(module_)), `${module_}: ${found}`);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await page.locator("#count").textContent(), all);
  assert.equal(await focused(page), "search");

  const mixed = await open("mixed-update");
  await mixed.locator("#type").selectOption("aws_subnet");
  assert.deepEqual(await addresses(mixed), ['aws_subnet.app["b"]', 'aws_subnet.app["c"]']);
});

test("everything can be done by keyboard: / searches, Enter goes to the first hit and opens it", async () => {
  const page = await open("mixed-update");
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
  await page.locator(".change[open] pre").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#count").textContent(), "11 of 11 changes");
});

test("a link opens its change, wherever it stands and whatever is in its key", async () => {
  for (const name of ["mixed-update", "nested-modules-odd-keys", "hostile-values"]) {
    const everything = await open(name);
    const data = await everything.evaluate(() => JSON.parse(document.getElementById("plan").textContent).changes);
    const page = await open(name, { hash: `#${encodeURIComponent(data.at(-1).address)}` });
    assert.ok((await focused(page)).includes(data.at(-1).address));
    assert.ok(await page.locator(".change:last-child[open]").last().isVisible());
    await search(page, "nothing has this in it");
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

test("the caution's links and those of the sections lead to what they name", async () => {
  const page = await open("mixed-update");
  await page.getByRole("button", { name: "Collapse all" }).click();
  await page.locator('.caution a >> text="aws_cloudwatch_log_group.legacy"').click();
  await page.locator(".change[open]", { hasText: "aws_cloudwatch_log_group.legacy" }).waitFor();
  await page.getByRole("link", { name: "Outputs: 1 new, 2 changed, 1 gone" }).click();
  await page.locator("#sections details[open]", { hasText: "queue_url" }).waitFor();
});

test("what a change's own link says leads back to it", async () => {
  const page = await open("mixed-update");
  await page.getByRole("link", { name: 'Link to aws_subnet.app["b"]' }).click();
  assert.ok(page.url().endsWith("#aws_subnet.app%5B%22b%22%5D"));
});

test("expand all opens all, collapse all closes all, and a filter keeps what was opened", async () => {
  const page = await open("mixed-update");
  await page.getByRole("button", { name: "Expand all" }).click();
  assert.equal(await page.locator("details[open]").count(), 12);
  await page.getByRole("button", { name: "Collapse all" }).click();
  assert.equal(await page.locator("details[open]").count(), 0);
  await page.locator("summary", { hasText: "aws_security_group.web" }).click();
  await page.locator("details[open] pre").waitFor();
  await search(page, "security");
  assert.equal(await page.locator("details[open]").count(), 1);
});

for (const name of ["hostile-values", "nested-modules-odd-keys", "sensitive-nested"]) {
  test(`no value becomes anything but text: ${name}`, async () => {
    const page = await open(name);
    await page.getByRole("button", { name: "Expand all" }).click();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const tags = await page.locator("#changes *, #sections *").evaluateAll((nodes) => nodes.map((node) => node.localName));
    const ours = new Set("a button code details div p pre span strong summary".split(" "));
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
  assert.match(shown, /^2 replaced, 1 destroyed, 6 changed, 2 created$/m);
  assert.match(shown, /^Plan: 4 to add, 6 to change, 3 to destroy\.$/m);
  assert.match(shown, /allow JavaScript to see them/);
  assert.doesNotMatch(shown, /Expand all|changes in place/);
});

for (const [colorScheme, background] of [["light", "rgb(255, 255, 255)"], ["dark", "rgb(13, 17, 23)"]]) {
  for (const width of [400, 1400]) {
    test(`fits a window of ${width} pixels, ${colorScheme}`, async () => {
      for (const name of ["mixed-update", "nested-modules-odd-keys", "hostile-values"]) {
        const page = await open(name, { colorScheme, viewport: { width, height: 900 } });
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), background);
        await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`) });
        await page.getByRole("button", { name: "Expand all" }).click();
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, name);
      }
    });
  }
}

test("printed, every row is there, the paper is white and the controls are gone", async () => {
  const page = await open("fan-out", { colorScheme: "dark" });
  await search(page, "module.copy7.");
  assert.ok((await page.locator(".change").count()) < 300);
  await page.pdf();
  assert.equal(await page.locator(".change").count(), 300);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.ok(!(await page.locator("#tools").isVisible()));
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
});

test("a diff of 10,000 lines is shown in parts, all of them in the end", async () => {
  const page = await open("long");
  await page.getByRole("button", { name: "Expand all" }).click();
  const count = () => page.locator(".change .line").count();
  assert.equal(await count(), 2000);
  const more = page.getByRole("button", { name: /Show more/ });
  for (let clicks = 0; await more.isVisible(); clicks += 1) {
    assert.ok(clicks < 10);
    await more.click();
  }
  assert.ok((await count()) > 10_000);
});

test("20,000 changes are painted in less than 2 s, and only those are built that are looked at", async () => {
  const page = await open("fan-out");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  const ready = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
  console.log(`first contentful paint ${Math.round(paint)} ms, loaded ${Math.round(ready)} ms`);
  assert.ok(paint < 2000 && ready < 2000);
  assert.equal(await page.locator("#count").textContent(), "20,100 of 20,100 changes");
  assert.ok((await page.locator(".change").count()) <= 200);

  await page.keyboard.press("End");
  await page.locator(".change", { hasText: "module.copy66." }).first().waitFor();
  assert.ok((await page.locator(".change").count()) < 1000);
  await search(page, "copy41.");
  assert.equal(await page.locator("#count").textContent(), "300 of 20,100 changes");
  await search(page, "");
  const data = await page.evaluate(() => JSON.parse(document.getElementById("plan").textContent).changes[15_000].address);
  await page.evaluate((address) => (location.hash = encodeURIComponent(address)), data);
  await page.locator(".change[open]", { hasText: data }).first().waitFor();
  const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 900, `${top}`);
});

test("an empty plan has nothing to search", async () => {
  const page = await open("no-changes");
  assert.ok(!(await page.locator("#tools").isVisible()));
  assert.ok(await page.getByText("No changes. Your infrastructure matches the configuration.").isVisible());
});
