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
const shown = new Map(); // change, section or fold -> its <details>, once it is built
const waiting = new Map(); // block -> the changes and folds of which it is yet to be built
const observer = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => build(entry.target)),
  { rootMargin: "1500px" },
);
let pattern = null; // what is searched for, as a regular expression with one group
let hits = [];
let entries = []; // of the list: changes, and folds with the hits in them
let blocks = [];
let atOnce = LINES; // while it is printed, all of them
let timer; // of a search while it is typed

// A change may speak for others that are alike; each has an address, a type and a module. It may stand in a fold.
let fold = null;
for (const change of changes) {
  change.members = [change, ...change.alike];
  if (change.opens) fold = change.opens;
  change.fold = change.fold ? fold : null;
}
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

// Texts by turns plain and code.
function turns(texts) {
  return texts.map((text, n) => text && element(n % 2 ? "code" : "span", {}, ...marked(text)));
}

// What a row shows, and what only stands in it once it is opened; the addresses of a group come on top.
const inRow = (item) => (item.title ? item.title : [...item.subject, item.label, ...item.says]);
const inBody = (item) => [item.diff, item.heading ?? "", item.reason ?? "", ...(item.remarks ?? []).flat()];

// How many of the change's members are asked for.
function count(change) {
  if (labels.size && !labels.has(change.label)) return 0;
  if (only.has("look") && !change.look) return 0;
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
  if (item.changes) return element("div", { className: "folded" }, ...grow(element("div", {}), item.changes, row, "changes"));
  if (item.title) return element("div", { className: "body" }, ...diff(item.diff));
  const heading = item.heading + (item.reason ? ` (${item.reason})` : "");
  const words = element("p", {}, element("span", {}, ...marked(heading)), copyLink(item.address));
  const remarks = item.remarks.map((remark) => element("p", { className: "remark" }, element("span", {}, ...turns(remark))));
  const members = item.alike.length ? addresses(item) : [];
  return element("div", { className: "body" }, words, ...diff(item.diff), ...remarks, ...members);
}

function fill(details, item) {
  if (details.childElementCount === 1) details.append(body(item));
}

// A <details> that is filled when it is opened; what the search finds only inside is open.
function disclosure(item, className, isHidden, ...summary) {
  let open = item.open || Boolean(pattern && isHidden);
  const details = element("details", { className, open }, element("summary", {}, ...summary));
  details.addEventListener("toggle", () => {
    if (details.open) fill(details, item);
    if (details.open !== open) open = item.open = details.open;
  });
  if (open) fill(details, item);
  shown.set(item, details);
  return details;
}

const label = ({ symbol, label }) => element("span", { className: "label" }, `${symbol} `, ...marked(label));

function row(change) {
  const sign = change.look && element("span", { className: "look" }, `${SIGN} `);
  const subject = element("span", { className: "subject" }, ...turns(change.subject));
  const data = change.data && element("span", { className: "data" }, change.alike.length ? " hold data" : " holds data");
  const words = element("span", {}, sign, subject, data, element("span", { className: "says" }, ...turns(change.says)));
  return disclosure(change, "change", pattern && !inRow(change).some(found), label(change), words);
}

// Where something is asked for, it stands open, whatever it is in.
function foldRow(entry) {
  const title = element("span", {}, ...turns(entry.title));
  return disclosure(entry, "fold", false, label(entry), title);
}

function sectionRow(section) {
  const isHidden = pattern && !inRow(section).some(found);
  return disclosure(section, "section", isHidden, element("span", {}, ...turns(section.title)));
}

// The hits as they stand in the list.
function gather(isAsked) {
  const folds = new Map();
  entries = [];
  for (const change of hits) {
    if (!change.fold) {
      entries.push(change);
      continue;
    }
    if (!folds.has(change.fold)) {
      const { symbol, label, title, open } = change.fold;
      const entry = { symbol, label, title, open: open || isAsked, changes: [] };
      folds.set(change.fold, entry);
      entries.push(entry);
    }
    folds.get(change.fold).changes.push(change);
  }
}

function build(block) {
  block.append(...(waiting.get(block) ?? []).map((entry) => (entry.changes ? foldRow(entry) : row(entry))));
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
  const isAsked = Boolean(query || labels.size || only.size || type.value || module_.value);
  gather(isAsked);
  observer.disconnect();
  waiting.clear();
  shown.clear();
  blocks = [];
  for (let start = 0; start < entries.length; start += BLOCK) {
    const block = element("div", { className: "block" });
    waiting.set(block, entries.slice(start, start + BLOCK));
    blocks.push(block);
  }
  const nothing = changes.length && element("p", { className: "nothing" }, "No change matches.");
  list.replaceChildren(...(hits.length ? blocks : [nothing].filter(Boolean)));
  if (blocks.length) build(blocks[0]);
  const heights = Array.from(blocks[0]?.children ?? [], (built) => built.offsetHeight).sort((one, other) => one - other);
  for (const [block, part] of waiting) block.style.height = `${heights[heights.length >> 1] * part.length}px`;
  blocks.forEach((block) => observer.observe(block));

  const matching = sections.filter((section) => !pattern || [...section.title, section.diff].some(found));
  byId("sections").replaceChildren(...matching.map(sectionRow));
  const asked = hits.reduce((sum, change) => sum + counted.get(change), 0);
  byId("count").textContent = `${number(asked)} of ${number(total)} changes`;
  for (const chip of byId("chips").children) chip.setAttribute("aria-pressed", labels.has(chip.value) || only.has(chip.value));
  byId("clear").hidden = !isAsked;
}

function clear() {
  search.value = type.value = module_.value = "";
  labels.clear();
  only.clear();
  show();
}

function toggleAll(open) {
  for (const item of [...hits, ...sections]) item.open = open;
  for (const change of hits) if (change.fold) change.fold.open = open;
  show();
}

const isNamed = (address) => (item) => item.address === address || item.alike?.some((member) => member.address === address);

function openDetails(item) {
  const details = shown.get(item);
  fill(details, item);
  details.open = true;
  return details;
}

// Opens what the address after the # names: a change, or the one that speaks for it, or a section.
function jump() {
  let address = "";
  try {
    address = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // a malformed link names nothing
  }
  const item = [...changes, ...sections].find(isNamed(address));
  if (!item) return;
  if (!hits.includes(item) && !sections.includes(item)) clear();
  if (!item.title) reach(item);
  const details = openDetails(item);
  details.scrollIntoView();
  details.firstElementChild.focus({ preventScroll: true });
}

// Builds the row of a change, what is around it, and the fold it stands in.
function reach(change) {
  const entry = entries.find((each) => each === change || each.changes?.includes(change));
  const block = Math.floor(entries.indexOf(entry) / BLOCK);
  for (const near of [block - 1, block, block + 1]) if (waiting.has(blocks[near])) build(blocks[near]);
  if (!entry.changes) return;
  const more = openDetails(entry).querySelector(":scope > .folded > .more");
  while (!shown.has(change)) more.click();
}

// What the alerts name by its address leads to it; a resource that many are instances of leads to their row.
function linkAlerts() {
  const rows = new Map();
  for (const change of changes) rows.set(change.subject[1], change.address);
  for (const change of changes) for (const { address } of change.members) rows.set(address, address);
  for (const code of document.querySelectorAll(".alert code")) {
    const address = rows.get(code.textContent);
    if (!address) continue;
    const anchor = element("a", { href: link(address) });
    code.replaceWith(anchor);
    anchor.append(code);
  }
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
  addChip(only, "look", `${SIGN} deserves a look`, all((change) => change.look));
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
  for (const [item, details] of shown) { // filling a fold adds what is in it
    if (!details.open) opened.push(details);
    openDetails(item);
  }
  for (const more of document.querySelectorAll(".more:not([hidden])")) more.click();
});
addEventListener("afterprint", () => {
  atOnce = LINES;
  for (const details of opened.splice(0)) details.open = false;
});

linkAlerts();
show();
jump();
