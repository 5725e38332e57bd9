"use strict";
// Shows the changes that stand as JSON in #plan. Texts only ever become text nodes, so no value can become markup.
// Rows are built when they come near the window, diffs when they are opened: 20,000 changes cost what is looked at.

const BLOCK = 50; // rows that are built together
const LINES = 2000; // of a diff, or addresses of a group, that are built together
const FEW = 20; // changes that are read without search and filters
const SIGN = "\u26a0\ufe0f"; // of what deserves a look

const byId = (id) => document.getElementById(id);
const [list, search, type, module_] = ["changes", "search", "type", "module"].map(byId);
const { changes, sections } = JSON.parse(byId("plan").textContent);
const labels = new Set(); // the actions that are asked for; none means all
const only = new Set(); // what else is asked for: what deserves a look, what holds data
const shown = new Map(); // change or section -> its <details>, once it is built
const waiting = new Map(); // block -> the changes of which it is yet to be built
const observer = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => build(entry.target)),
  { rootMargin: "1500px" },
);
let pattern = null; // what is searched for, as a regular expression with one group
let hits = [];
let blocks = [];
let atOnce = LINES; // while it is printed, all of them
let timer; // of a search while it is typed

// A change may speak for others that are alike; each has an address, a type and a module.
for (const change of changes) change.members = [change, ...change.alike];
const total = changes.reduce((sum, change) => sum + change.members.length, 0);

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
const link = (address) => `#${encodeURIComponent(address)}`;

function marked(text) {
  return pattern ? text.split(pattern).map((piece, n) => (n % 2 ? element("mark", {}, piece) : piece)) : [text];
}

// Texts by turns: every second one is another's, or weighs more.
function turns(texts, tag) {
  return texts.map((text, n) => text && element(n % 2 ? tag : "span", {}, ...marked(text)));
}

// What a row shows, and what only stands in it once it is opened; the addresses of a group come on top.
function inRow(item) {
  if (item.title) return [item.title];
  return [item.alike.length ? item.name : item.address, item.label, item.about, ...item.what, ...item.look.flat()];
}
const inBody = (item) => [item.diff, item.heading ?? "", item.reason ?? ""];

// How many of the change's members are asked for.
function count(change) {
  if (labels.size && !labels.has(change.label)) return 0;
  if (only.has("look") && !change.look.length) return 0;
  if (only.has("data") && !change.data) return 0;
  const isIn = (member) => `${member.module || "root"}.`.startsWith(`${module_.value}.`);
  const members = change.members.filter(
    (member) => (!type.value || member.type === type.value) && (!module_.value || isIn(member)),
  );
  if (!pattern || [...inRow(change), ...inBody(change)].some(found)) return members.length;
  return members.filter((member) => found(member.address)).length;
}

// Adds to a node what is made of all items, a part at a time: the rest comes by a button.
function grow(node, items, make, what) {
  const more = button("", () => {
    const left = items.length - node.childElementCount - atOnce;
    node.append(...items.slice(node.childElementCount, node.childElementCount + atOnce).map(make));
    more.textContent = `Show more of the ${number(left)} ${what} that are left`;
    more.hidden = left <= 0;
  });
  more.className = "more";
  more.click();
  return [node, more];
}

function line(text) {
  const kinds = { "+": "add", "-": "del", "!": "chg" };
  const kind = kinds[text[0]] ?? (/^\s*[#…]/.test(text) ? "note" : "");
  return element("span", { className: `line ${kind}` }, ...marked(text));
}

const diff = (text) => grow(element("pre", {}), text.split("\n"), line, "lines");

function addresses(change) {
  const entry = ({ address }) => element("li", {}, element("code", {}, ...marked(address)));
  const all = element("ul", { className: "members", tabIndex: 0, ariaLabel: "Addresses" });
  return grow(all, change.members, entry, "addresses");
}

// Where the browser has a clipboard, the link copies itself; anywhere it leads to its change, which opens.
function copyLink(address) {
  const words = navigator.clipboard ? "Copy link to this change" : "Link to this change";
  const anchor = element("a", { href: link(address), ariaLabel: `${words}: ${address}` }, words);
  anchor.addEventListener("click", () => {
    navigator.clipboard?.writeText(anchor.href).then(() => (anchor.textContent = "Copied"), () => {});
  });
  return anchor;
}

function body(item) {
  if (item.title) return element("div", { className: "body" }, ...diff(item.diff));
  const heading = item.heading + (item.reason ? ` (${item.reason})` : "");
  const words = element("p", {}, element("span", {}, ...marked(heading)), copyLink(item.address));
  const members = item.alike.length ? addresses(item) : [];
  return element("div", { className: "body" }, words, ...diff(item.diff), ...members);
}

const isFilled = (details) => details.childElementCount > 1;

function fill(details, item) {
  if (!isFilled(details)) details.append(body(item));
}

// A <details> that is filled when it is opened; what the search finds only inside is open.
function disclosure(item, className, ...summary) {
  let open = item.open || Boolean(pattern && !inRow(item).some(found));
  const details = element("details", { className, open }, element("summary", {}, ...summary));
  details.addEventListener("toggle", () => {
    if (details.open) fill(details, item);
    if (details.open !== open) open = item.open = details.open;
  });
  if (open) fill(details, item);
  shown.set(item, details);
  return details;
}

function name(change) {
  const others = change.alike.length;
  if (!others) return [element("code", {}, ...marked(change.address))];
  const all = number(others + 1);
  if (!change.name) return [element("code", {}, ...marked(change.address)), ` and ${number(others)} alike`];
  const modules = new Set(change.members.map((member) => member.module)).size;
  return [`${all} × `, element("code", {}, ...marked(change.name)), modules > 1 && ` in ${number(modules)} modules`];
}

function row(change) {
  const label = element("span", { className: "label" }, `${change.symbol} `, ...marked(change.label));
  const data = change.data && element("span", { className: "data" }, " holds data");
  const looks = change.look.flatMap((pieces, n) => [n > 0 && "; ", ...turns(pieces, "code")]);
  const look = looks.length && element("span", { className: "look" }, ` ${SIGN} `, ...looks);
  const what = change.what.some(Boolean) && element("span", { className: "what" }, " · ", ...turns(change.what, "strong"));
  const about = change.about && element("span", { className: "what" }, " · ", ...marked(change.about));
  return disclosure(change, "change", label, element("span", {}, ...name(change), data, look, what, about));
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
  const counted = new Map(changes.map((change) => [change, count(change)]));
  hits = changes.filter((change) => counted.get(change));
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
  const asked = hits.reduce((sum, change) => sum + counted.get(change), 0);
  byId("count").textContent = `${number(asked)} of ${number(total)} changes`;
  for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", labels.has(chip.value) || only.has(chip.value));
  byId("clear").hidden = !(query || labels.size || only.size || type.value || module_.value);
}

function clear() {
  search.value = type.value = module_.value = "";
  labels.clear();
  only.clear();
  show();
}

function toggleAll(open) {
  for (const item of [...hits, ...sections]) item.open = open;
  show();
}

// Opens what the address after the # names: a change, or the one that speaks for it, or a section.
function jump() {
  let address = "";
  try {
    address = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // a malformed link names nothing
  }
  const isNamed = (item) => item.address === address || item.alike?.some((member) => member.address === address);
  const item = [...changes, ...sections].find(isNamed);
  if (!item) return;
  if (!hits.includes(item) && !shown.has(item)) clear();
  const block = Math.floor(hits.indexOf(item) / BLOCK);
  for (const near of [block - 1, block, block + 1]) if (waiting.has(blocks[near])) build(blocks[near]);
  const details = shown.get(item);
  details.open = true;
  details.scrollIntoView();
  details.firstElementChild.focus({ preventScroll: true });
}

// From one row to the next by the arrow keys; what is not built yet is built.
function step(summary, way) {
  const beside = summary.closest(".block")?.[way < 0 ? "previousElementSibling" : "nextElementSibling"];
  if (waiting.has(beside)) build(beside);
  const summaries = [...document.querySelectorAll("summary")];
  summaries[summaries.indexOf(summary) + way]?.focus();
}

function addChip(chosen, value, text, members) {
  if (!members) return;
  const chip = button(text, () => {
    if (!chosen.delete(value)) chosen.add(value);
    show();
  });
  chip.value = value;
  chip.append(element("span", { className: "counter" }, number(members)));
  byId("chips").append(chip);
}

// The actions in the order of the changes, what can hurt first; then what else is worth asking for.
function addChips() {
  const counts = new Map();
  const add = (key, change) => counts.set(key, (counts.get(key) ?? 0) + change.members.length);
  const symbols = new Map();
  for (const change of changes) {
    symbols.set(change.label, change.symbol);
    add(change.label, change);
  }
  const all = (isMeant) => changes.filter(isMeant).reduce((sum, change) => sum + change.members.length, 0);
  for (const [label, symbol] of symbols) addChip(labels, label, `${symbol} ${label}`, counts.get(label));
  addChip(only, "look", `${SIGN} deserves a look`, all((change) => change.look.length));
  addChip(only, "data", "holds data", all((change) => change.data));
  byId("chips").hidden = byId("chips").childElementCount < 2;
}

function choices(select, name) {
  const different = [...new Set(changes.flatMap((change) => change.members.map(name)))].sort();
  select.append(...different.map((text) => new Option(text, text)));
  select.parentElement.hidden = different.length < 2;
}

addChips();
choices(type, (member) => member.type);
choices(module_, (member) => member.module || "root");
byId("tools").hidden = total < FEW;
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
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (way && event.target.localName === "summary") {
    event.preventDefault();
    step(event.target, way);
  }
  if (event.key === "/" && !byId("tools").hidden) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});
type.addEventListener("change", show);
module_.addEventListener("change", show);
byId("clear").addEventListener("click", () => (clear(), search.focus()));
byId("expand").addEventListener("click", () => toggleAll(true));
byId("collapse").addEventListener("click", () => toggleAll(false));
addEventListener("hashchange", jump);

// On paper nothing can be opened: all that is asked for stands there, to its last line.
const opened = [];
addEventListener("beforeprint", () => {
  atOnce = Infinity;
  for (const block of blocks) if (waiting.has(block)) build(block);
  for (const [item, details] of shown) {
    fill(details, item);
    if (!details.open) opened.push(details);
    details.open = true;
  }
  for (const more of document.querySelectorAll(".more:not([hidden])")) more.click();
});
addEventListener("afterprint", () => {
  atOnce = LINES;
  for (const details of opened.splice(0)) details.open = false;
});

show();
jump();
