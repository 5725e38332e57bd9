// Shows the changes that stand as JSON in #plan: search and filters, links, keys and print; report_rows.js comes before.
// Rows are built when they come near the window, diffs when they are opened: 20,000 changes cost what is looked at.

const BLOCK = 50; // rows that are built together
const FEW = 20; // changes that are read without search and filters

const byId = (id) => document.getElementById(id);
const [list, search, type, module_] = ["changes", "search", "type", "module"].map(byId);
const { changes, sections } = JSON.parse(byId("plan").textContent);
const labels = new Set(); // the actions that are asked for; none means all
const only = new Set(); // what else is asked for: what deserves a look, what holds data
const waiting = new Map(); // block -> the changes and folds of which it is yet to be built
const observer = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => build(entry.target)),
  { rootMargin: "1500px" },
);
let hits = [];
let entries = []; // of the list: changes, and folds with the hits in them
let blocks = [];
let timer; // of a search while it is typed

// A change may speak for others that are alike; each has an address, a type and a module. It may stand in a fold.
let fold = null;
for (const change of changes) {
  change.members = [change, ...change.alike];
  if (change.opens) fold = change.opens;
  change.fold = change.fold ? fold : null;
}
const total = changes.reduce((sum, change) => sum + change.members.length, 0);

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
