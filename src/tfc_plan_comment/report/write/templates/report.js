"use strict";
// Shows the changes that stand as JSON in #plan. Texts only ever become text nodes, so no value can become markup.
// Rows are built when they come near the window, diffs when they are opened: 20,000 changes cost what is looked at.

const BLOCK = 50; // rows that are built together
const LINES = 2000; // of a diff that are built together

const byId = (id) => document.getElementById(id);
const [list, search, type, module_] = ["changes", "search", "type", "module"].map(byId);
const { changes, sections } = JSON.parse(byId("plan").textContent);
const labels = new Set(); // the actions that are asked for; none means all
const shown = new Map(); // change or section -> its <details>, once it is built
const waiting = new Map(); // block -> the changes of which it is yet to be built
const observer = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => build(entry.target)),
  { rootMargin: "1500px" },
);
let pattern = null; // what is searched for, as a regular expression with one group
let hits = [];
let blocks = [];
let timer; // of a search while it is typed

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child));
  return node;
}

function button(text, act) {
  const node = element("button", { type: "button" }, text);
  node.addEventListener("click", act);
  return node;
}

const number = (count) => count.toLocaleString("en");
const found = (text) => pattern.test(text);

function marked(text) {
  return pattern ? text.split(pattern).map((piece, n) => (n % 2 ? element("mark", {}, piece) : piece)) : [text];
}

// What a row shows, and what only stands in it once it is opened.
const inRow = (item) => (item.title ? [item.title] : [item.address, item.label, item.about, ...item.what]);
const inBody = (item) => [item.diff, item.heading ?? "", item.reason ?? ""];

function isHit(change) {
  return (
    (!labels.size || labels.has(change.label)) &&
    (!type.value || change.type === type.value) &&
    (!module_.value || `${change.module || "root"}.`.startsWith(`${module_.value}.`)) &&
    (!pattern || [...inRow(change), ...inBody(change)].some(found))
  );
}

function line(text) {
  const kinds = { "+": "add", "-": "del", "!": "chg" };
  const kind = kinds[text[0]] ?? (/^\s*[#…]/.test(text) ? "note" : "");
  return element("span", { className: `line ${kind}` }, ...marked(text));
}

function diff(text) {
  const lines = text.split("\n");
  const pre = element("pre", {});
  const more = button("", () => {
    const left = lines.length - pre.childElementCount - LINES;
    pre.append(...lines.slice(pre.childElementCount, pre.childElementCount + LINES).map(line));
    more.textContent = `Show more of the ${number(left)} lines that are left`;
    more.hidden = left <= 0;
  });
  more.click();
  return [pre, more];
}

function body(item) {
  if (item.title) return element("div", { className: "body" }, ...diff(item.diff));
  const heading = item.heading + (item.reason ? ` (${item.reason})` : "");
  const link = element("a", { href: `#${encodeURIComponent(item.address)}`, ariaLabel: `Link to ${item.address}` }, "Link");
  const words = element("p", {}, element("span", {}, ...marked(heading)), link);
  return element("div", { className: "body" }, words, ...diff(item.diff));
}

// A <details> that is filled when it is opened; what the search finds only inside is open.
function disclosure(item, className, ...summary) {
  let open = item.open || Boolean(pattern && !inRow(item).some(found));
  const details = element("details", { className, open }, element("summary", {}, ...summary));
  const fill = () => details.childElementCount > 1 || details.append(body(item));
  details.addEventListener("toggle", () => {
    if (details.open) fill();
    if (details.open !== open) open = item.open = details.open;
  });
  if (open) fill();
  shown.set(item, details);
  return details;
}

function row(change) {
  const label = element("span", {}, `${change.symbol} `, ...marked(change.label));
  const data = change.data && element("span", { className: "data" }, " holds data");
  const address = element("span", {}, element("code", {}, ...marked(change.address)), data);
  const what = change.what.map((text, n) => element(n % 2 ? "strong" : "span", {}, ...marked(text)));
  const about = [change.what.some(Boolean) && change.about && " · ", ...marked(change.about)];
  return disclosure(change, "change", label, address, element("span", { className: "brief" }, ...what, ...about));
}

function build(block) {
  block.append(...(waiting.get(block) ?? []).map(row));
  block.style.height = "";
  waiting.delete(block);
  observer.unobserve(block);
}

function show() {
  clearTimeout(timer);
  const query = search.value.trim();
  pattern = query && new RegExp(`(${query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`, "i");
  hits = changes.filter(isHit);
  observer.disconnect();
  waiting.clear();
  shown.clear();
  blocks = [];
  for (let start = 0; start < hits.length; start += BLOCK) {
    const block = element("div", { className: "block" });
    waiting.set(block, hits.slice(start, start + BLOCK));
    blocks.push(block);
  }
  const nothing = changes.length && element("p", { className: "nothing" }, "No change matches.");
  list.replaceChildren(...(hits.length ? blocks : [nothing].filter(Boolean)));
  if (blocks.length) build(blocks[0]);
  const heights = Array.from(blocks[0]?.children ?? [], (built) => built.offsetHeight).sort((one, other) => one - other);
  for (const [block, part] of waiting) block.style.height = `${heights[heights.length >> 1] * part.length}px`;
  blocks.forEach((block) => observer.observe(block));

  const matching = sections.filter((section) => !pattern || found(section.title) || found(section.diff));
  byId("sections").replaceChildren(
    ...matching.map((section) => disclosure(section, "section", element("span", {}, ...marked(section.title)))),
  );
  byId("count").textContent = `${number(hits.length)} of ${number(changes.length)} changes`;
  for (const chip of byId("actions").children) chip.setAttribute("aria-pressed", labels.has(chip.value));
  byId("clear").hidden = !(query || labels.size || type.value || module_.value);
}

function clear() {
  search.value = type.value = module_.value = "";
  labels.clear();
  show();
}

function toggleAll(open) {
  for (const item of [...hits, ...sections]) item.open = open;
  show();
}

// Opens what the address after the # names: a change's own address, or a section.
function jump() {
  let address = "";
  try {
    address = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // a malformed link names nothing
  }
  const item = [...changes, ...sections].find((one) => one.address === address);
  if (!item) return;
  if (!hits.includes(item) && !shown.has(item)) clear();
  const block = Math.floor(hits.indexOf(item) / BLOCK);
  for (const near of [block - 1, block, block + 1]) if (waiting.has(blocks[near])) build(blocks[near]);
  const details = shown.get(item);
  details.open = true;
  details.scrollIntoView();
  details.firstElementChild.focus({ preventScroll: true });
}

// The actions in the order of the changes, what can hurt first; the types and modules by name.
const counts = new Map();
for (const { symbol, label } of changes) counts.set(label, { symbol, count: (counts.get(label)?.count ?? 0) + 1 });
for (const [label, { symbol, count }] of counts) {
  const chip = button(`${symbol} ${label}`, () => {
    if (!labels.delete(label)) labels.add(label);
    show();
  });
  chip.value = label;
  chip.append(element("span", { className: "counter" }, number(count)));
  byId("actions").append(chip);
}
function choices(select, texts) {
  const different = [...new Set(texts)].sort();
  select.append(...different.map((text) => new Option(text, text)));
  select.parentElement.hidden = different.length < 2;
}
choices(type, changes.map((change) => change.type));
choices(module_, changes.map((change) => change.module || "root"));
byId("tools").hidden = !changes.length;
byId("legend").hidden = false;

search.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 100);
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    search.value = "";
    show();
  }
  if (event.key === "Enter") {
    event.preventDefault(); // or the row that gets the focus would take the key, too
    show();
    list.querySelector("summary")?.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  event.preventDefault();
  search.focus();
  search.select();
});
type.addEventListener("change", show);
module_.addEventListener("change", show);
byId("clear").addEventListener("click", () => (clear(), search.focus()));
byId("expand").addEventListener("click", () => toggleAll(true));
byId("collapse").addEventListener("click", () => toggleAll(false));
addEventListener("hashchange", jump);
addEventListener("beforeprint", () => blocks.forEach((block) => waiting.has(block) && build(block)));

show();
jump();
