"use strict";

// Texts of strangers are set as textContent, never as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const count = (value, thing) => `${number(value)} ${thing}${value === 1 ? "" : "s"}`;

function percent(part, whole) {
  if (part === 0 || whole === 0) return "0 %";
  const share = (100 * part) / whole;
  if (share < 0.01) return "< 0.01 %";
  return `${share.toFixed(share < 1 ? 2 : 1)} %`;
}

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/* Totals */

function showTotals() {
  $("summary").textContent = data.documents === 0
    ? "There were no documents."
    : `Of ${count(data.words, "word")} in ${count(data.documents, "document")}, ${number(data.removed)} went.`;
  const figures = [
    [number(data.documents), "documents"],
    [percent(data.changed, data.documents), "of them lost something"],
    [number(data.removed), "words removed"],
    [percent(data.removed, data.words), "of all words"],
    [number(data.abstained), "abstained: too much would have gone"],
  ];
  $("figures").append(...figures.map(([value, label]) =>
    element("div", { className: "figure" }, element("b", { textContent: value }), element("span", { textContent: label }))));
  $("version").textContent = `Made by unfurnish ${data.version}.`;
}

/* Bars */

function bar(row, most) {
  const fill = element("span", { className: "fill" });
  fill.style.width = `${most === 0 ? 0 : (100 * row.size) / most}%`;
  const made = element(row.choose ? "button" : "div", { className: `bar ${row.category ?? ""}`, title: row.title ?? row.label },
    element("span", { className: "label", textContent: row.label }),
    element("span", { className: "value", textContent: row.value }),
    element("span", { className: "track" }, fill));
  if (row.choose) {
    made.type = "button";
    made.addEventListener("click", row.choose);
  }
  return made;
}

const FIRST = 10;

function bars(id, rows) {
  const section = $(id);
  if (rows.length === 0) {
    section.append(element("p", { className: "note", textContent: "nothing" }));
    return;
  }
  const most = Math.max(...rows.map((row) => row.size));
  section.append(...rows.slice(0, FIRST).map((row) => bar(row, most)));
  if (rows.length > FIRST) {
    const more = element("button", { type: "button", className: "more", textContent: `${rows.length - FIRST} more` });
    more.addEventListener("click", () => more.replaceWith(...rows.slice(FIRST).map((row) => bar(row, most))));
    section.append(more);
  }
}

function showBars() {
  const ofWords = (sums, choose) => ({
    label: sums.name,
    category: sums.category,
    size: sums.words,
    value: `${number(sums.words)} · ${percent(sums.words, data.words)}`,
    title: `${sums.name}: ${count(sums.words, "word")} in ${count(sums.removals, "removal")}`,
    choose,
  });
  bars("categories", data.categories.map((sums) => ofWords(sums, () => choose({ category: sums.name }))));
  bars("rules", data.rules.map((sums) => ofWords(sums, () => choose({ rule: sums.name }))));
  const ofGroup = (sums) => ({
    label: sums.name,
    size: sums.removed / Math.max(sums.words, 1),
    value: `${percent(sums.removed, sums.words)} of ${number(sums.words)}`,
    title: `${sums.name}: ${count(sums.removed, "word")} of ${number(sums.words)}, in ${count(sums.documents, "document")}`,
  });
  bars("sites", data.sites.map(ofGroup));
  bars("languages", data.languages.map(ofGroup));
  bars("lost", data.lost.map(([step, documents], index) => ({
    label: index === 0 ? "nothing" : `${index === 1 ? "up to" : `${data.lost[index - 1][0]} to`} ${step} %`,
    size: documents,
    value: `${number(documents)} · ${percent(documents, data.documents)}`,
  })));
}

/* Documents */

let shown = [];
let at = 0;

const removals = (sample) => sample.pieces.filter(Array.isArray);
const matches = (removal) =>
  ($("category").value === "" || removal[1] === $("category").value) && ($("rule").value === "" || removal[2] === $("rule").value);

function select() {
  const kind = $("kind").value;
  const filtered = $("category").value !== "" || $("rule").value !== "";
  shown = data.samples.filter((sample) =>
    (kind === "" || sample.abstained === (kind === "abstained")) && (!filtered || removals(sample).some(matches)));
  if ($("order").value === "most") {
    const share = (sample) => sample.removed / Math.max(sample.words, 1);
    // What abstained lost nothing in the end, but would have lost the most.
    const size = (sample) => (sample.abstained ? 1 : share(sample));
    shown.sort((a, b) => size(b) - size(a));
  }
  at = 0;
  show();
}

function show() {
  const sample = shown[at];
  $("position").textContent = shown.length === 0 ? "no document" : `${at + 1} of ${shown.length}`;
  $("previous").disabled = at === 0;
  $("next").disabled = at + 1 >= shown.length;
  for (const id of ["name", "about", "legend", "text"]) $(id).replaceChildren();
  if (!sample) return;
  $("name").textContent = sample.name;
  const about = [sample.site, sample.language, count(sample.words, "word")].filter((part) => part && part !== sample.name);
  about.push(sample.abstained
    ? "abstained: nothing went, since too much of it would have; it is marked below"
    : `${number(sample.removed)} removed (${percent(sample.removed, sample.words)})`);
  $("about").textContent = about.join(" · ");
  const rules = new Map(removals(sample).map(([, category, rule]) => [rule, category]));
  $("legend").append(...[...rules].map(([rule, category]) =>
    element("li", { className: category }, element("i"), element("span", { textContent: rule }))));
  $("text").append(...sample.pieces.map(piece));
}

function piece(part) {
  if (typeof part === "string") return document.createTextNode(part);
  if (typeof part === "number") {
    return element("span", { className: "skipped", textContent: `… ${count(part, "letter")} not shown …` });
  }
  const [text, category, rule] = part;
  const dim = matches(part) ? "" : " dim";
  return element("mark", { className: category + dim, title: `${rule} (${category})`, textContent: text });
}

function step(by) {
  if (at + by < 0 || at + by >= shown.length) return;
  at += by;
  show();
}

function choose({ category = "", rule = "" }) {
  $("category").value = category;
  $("rule").value = rule;
  $("kind").value = "";
  select();
  $("browser").scrollIntoView();
}

function start() {
  showTotals();
  showBars();
  const seen = { category: new Set(), rule: new Set() };
  for (const [, category, rule] of data.samples.flatMap(removals)) {
    seen.category.add(category);
    seen.rule.add(rule);
  }
  // What a bar can be clicked for must be there, even if no sample has it.
  data.categories.forEach((sums) => seen.category.add(sums.name));
  data.rules.forEach((sums) => seen.rule.add(sums.name));
  for (const id of ["category", "rule"]) {
    $(id).append(...[...seen[id]].sort().map((value) => element("option", { value, textContent: value })));
  }
  const cleaned = data.samples.filter((sample) => !sample.abstained).length;
  const abstained = data.samples.length - cleaned;
  const ofAll = (part, whole) => (part === whole ? number(whole) : `${number(part)} of ${number(whole)}`);
  $("sampled").textContent = `${ofAll(cleaned, data.changed)} that lost something, ${ofAll(abstained, data.abstained)} abstained. `
    + "The arrow keys page; a mark's rule is in its tooltip and above the text.";
  for (const id of ["category", "rule", "kind", "order"]) $(id).addEventListener("change", select);
  $("clear").addEventListener("click", () => choose({}));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select, input")) return;
    if (event.key === "ArrowRight" || event.key === "j") step(1);
    else if (event.key === "ArrowLeft" || event.key === "k") step(-1);
    else return;
    event.preventDefault();
  });
  select();
}

start();
