"use strict";
// The nodes that changes are made of. Texts only ever become text nodes, so no value can become markup.

const LINES = 2000; // of a diff, or addresses of a group, that are built together
const SIGN = "\u26a0\ufe0f"; // of what deserves a look

const shown = new Map(); // change, section or fold -> its <details>, once it is built
let pattern = null; // what is searched for, as a regular expression with one group
let atOnce = LINES; // while it is printed, all of them

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

// Adds to a node what is made of all items, a part at a time: the rest comes by a button.
function grow(node, items, make, what) {
  const more = button("", () => {
    const left = items.length - node.childElementCount - atOnce;
    node.append(...items.slice(node.childElementCount, node.childElementCount + atOnce).map(make));
    more.textContent = `Show more of the remaining ${number(left)} ${what}`;
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
