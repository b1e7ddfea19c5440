"use strict";
// One questionnaire, filled in offline. Every text is set as text, never as HTML.

const Q = JSON.parse(document.getElementById("questionnaire").textContent);
const KEY = "loyaltysem:" + Q.name + ":" + Q.sha256.slice(0, 16);
const META = ["id", "_started", "_finished", "_seconds", "_language", "_questionnaire", "_version", "_sha256"];

// ---- what is kept on this device -------------------------------------------------------------

const memory = {};
let keeps = true;

function stored(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(KEY + ":" + name)) ?? memory[name] ?? otherwise;
  } catch {
    return memory[name] ?? otherwise;
  }
}

function store(name, value) {
  memory[name] = value;
  try {
    if (value === null) localStorage.removeItem(KEY + ":" + name);
    else localStorage.setItem(KEY + ":" + name, JSON.stringify(value));
  } catch {
    keeps = false;
  }
}

function fresh(language) {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const id = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const order = {};
  for (const page of Q.pages) {
    for (const block of page.blocks) {
      if (page.randomise && block.grid) order[block.code] = shuffled(block.entries.map((e) => e.code));
    }
  }
  return { id, language, order, started: new Date().toISOString(), page: 0, answers: {} };
}

function shuffled(list) {
  const result = [...list];
  for (let k = result.length - 1; k > 0; k--) {
    const j = Math.floor((crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32) * (k + 1));
    [result[k], result[j]] = [result[j], result[k]];
  }
  return result;
}

const draft = stored("draft", null);
let state = draft ?? fresh(Q.languages.find((one) => navigator.language.startsWith(one)) ?? Q.language);
let resumed = draft !== null && Object.keys(draft.answers).length > 0;
let faults = {};
let ending = null; // "done", "declined" or "screened_out"

function keep() {
  store("draft", state);
}

// ---- words -----------------------------------------------------------------------------------

function said(text) {
  return text[state.language] ?? Object.values(text)[0] ?? "";
}

function word(key, facts = {}) {
  return Q.words[state.language][key].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// ---- conditions ------------------------------------------------------------------------------

const NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?$/;

function holds(condition) {
  if (condition === null) return true;
  switch (condition.op) {
    case "and": return condition.parts.every(holds);
    case "or": return condition.parts.some(holds);
    case "not": return !holds(condition.part);
    case "answered": return answered(effective(condition.code));
    case "selected": return (effective(condition.code) ?? []).includes(condition.value);
    default: return compared(effective(condition.code), condition.op, condition.value);
  }
}

function compared(answer, sign, value) {
  if (typeof answer !== "string" || answer === "") return false;
  const numbers = NUMBER.test(answer) && NUMBER.test(value);
  const [a, b] = numbers ? [Number(answer), Number(value)] : [answer, value];
  if (sign === "==") return a === b;
  if (sign === "!=") return a !== b;
  if (!numbers) return false;
  return { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b }[sign];
}

function answered(answer) {
  if (answer === undefined || answer === null) return false;
  return typeof answer === "object" ? Object.keys(answer).length > 0 : answer !== "";
}

const homes = {};
for (const page of Q.pages) {
  for (const block of page.blocks) for (const entry of block.entries) homes[entry.code] = { page, entry };
}

function asked(code) {
  const { page, entry } = homes[code];
  return holds(page.condition) && holds(entry.condition);
}

/** The answer to a question that is asked; nothing if it is skipped now. */
function effective(code) {
  return asked(code) ? state.answers[code] : undefined;
}

function visiblePage(page) {
  return holds(page.condition) && entriesOf(page).some((entry) => holds(entry.condition));
}

function entriesOf(page) {
  return page.blocks.flatMap((block) => block.entries);
}

// ---- checks ----------------------------------------------------------------------------------

function fault(entry) {
  const answer = state.answers[entry.code];
  if (!answered(answer)) return entry.required ? word("missing") : null;
  switch (entry.kind) {
    case "number": return numberFault(entry, answer);
    case "date": return /^\d{4}-\d{2}-\d{2}$/.test(answer) ? null : word("not_a_date");
    case "multiple":
      if (entry.least !== null && answer.length < entry.least) return word("choose_least", { n: entry.least });
      if (entry.most !== null && answer.length > entry.most) return word("choose_most", { n: entry.most });
      return null;
    case "ranking": {
      const ranks = Object.values(answer);
      const whole = ranks.length === entry.options.length && new Set(ranks).size === ranks.length;
      return whole ? null : word("rank_all");
    }
    default: return null;
  }
}

function numberFault(entry, answer) {
  const { lowest, highest } = entry;
  if (!NUMBER.test(answer)) return word("not_a_number");
  if (entry.whole && !Number.isInteger(Number(answer))) return word("not_whole");
  const low = lowest !== null && Number(answer) < lowest;
  const high = highest !== null && Number(answer) > highest;
  if (!low && !high) return null;
  if (lowest !== null && highest !== null) return word("number_between", { lowest, highest });
  return low ? word("number_least", { lowest }) : word("number_most", { highest });
}

// ---- questions -------------------------------------------------------------------------------

function answer(entry, value) {
  if (answered(value)) state.answers[entry.code] = value;
  else delete state.answers[entry.code];
  keep();
  if (faults[entry.code] && !fault(entry)) {
    delete faults[entry.code];
    const box = document.getElementById("q-" + entry.code);
    box.classList.remove("wrong");
    box.querySelector(".fault")?.remove();
  }
  showConditional();
}

/** Show and hide the questions of this page whose condition depends on another one of it. */
function showConditional() {
  for (const entry of entriesOf(Q.pages[state.page])) {
    const box = document.getElementById("q-" + entry.code);
    if (box) box.hidden = !holds(entry.condition);
  }
  document.getElementById("next").textContent = nextWord();
}

function question(entry) {
  const optional = entry.required ? null : make("span", { class: "hint" }, ` (${word("optional")})`);
  const legend = make("legend", {}, said(entry.wording), optional ?? "");
  const problem = faults[entry.code] ?? null;
  const box = make("fieldset", { id: "q-" + entry.code, class: problem ? "wrong" : null }, legend, ...KINDS[entry.kind](entry));
  if (!entry.required && ["rating", "single"].includes(entry.kind)) box.append(clearButton(entry));
  if (problem) box.append(make("p", { class: "fault", role: "alert" }, problem));
  box.hidden = !holds(entry.condition);
  return box;
}

function clearButton(entry) {
  const clear = () => {
    answer(entry, null);
    document.getElementById("q-" + entry.code).replaceWith(question(entry));
  };
  return make("button", { type: "button", class: "clear small", onclick: clear }, word("clear"));
}

function rating(entry) {
  if (entry.scale.type === "slider") return slider(entry);
  const { points, labels } = entry.scale;
  const named = (point) => (labels[point] ? said(labels[point]) : "");
  const allNamed = points.every((point) => labels[point]);
  const chosen = make("p", { class: "chosen", "aria-hidden": "true" }, named(state.answers[entry.code]));
  const choose = (point) => {
    answer(entry, String(point));
    chosen.textContent = named(point);
  };
  const strip = make("div", {
    class: ["points", points.length > 7 ? "many" : "", allNamed ? "labelled" : ""].join(" ").trim(),
  }, ...points.map((point) => pointButton(entry, point, named(point), choose)));
  strip.style.setProperty("--half", Math.ceil(points.length / 2));
  const [first, last] = [points[0], points[points.length - 1]];
  const ends = entry.poles
    ? [said(entry.poles.left), said(entry.poles.right)]
    : [`${first} ${named(first)}`.trim(), `${last} ${named(last)}`.trim()];
  const line = make("div", { class: "ends" }, make("span", {}, ends[0]), make("span", {}, ends[1]));
  const parts = allNamed ? [strip, line, chosen] : [strip, line];
  return entry.poles ? [make("div", { class: "between" }, ...parts)] : parts;
}

function pointButton(entry, point, label, choose) {
  const input = make("input", {
    type: "radio", name: entry.code, value: point, "aria-label": `${point} ${label}`.trim(),
    onchange: () => choose(point),
  });
  input.checked = state.answers[entry.code] === String(point);
  return make("label", {}, input, make("span", { class: "number" }, String(point)), make("span", { class: "label" }, label));
}

function slider(entry) {
  const { lowest, highest, step, labels } = entry.scale;
  const value = state.answers[entry.code];
  const output = make("output", { class: "chosen" }, value ?? word("not_set"));
  const set = () => {
    output.textContent = input.value;
    answer(entry, input.value);
  };
  const input = make("input", {
    type: "range", min: lowest, max: highest, step, "aria-label": said(entry.wording),
    oninput: set, onclick: set,
  });
  input.value = value ?? (lowest + highest) / 2;
  const end = (point) => make("span", {}, `${point} ${labels[point] ? said(labels[point]) : ""}`.trim());
  return [input, make("div", { class: "ends" }, end(lowest), end(highest)), output];
}

function single(entry) {
  return entry.options.map(([code, label]) => {
    const input = make("input", { type: "radio", name: entry.code, value: code, onchange: () => answer(entry, code) });
    input.checked = state.answers[entry.code] === code;
    return make("label", { class: "option" }, input, make("span", {}, said(label)));
  });
}

function multiple(entry) {
  const chosen = new Set(state.answers[entry.code] ?? []);
  const toggle = (code, on) => {
    if (on) chosen.add(code);
    else chosen.delete(code);
    answer(entry, entry.options.map(([one]) => one).filter((one) => chosen.has(one)));
  };
  const boxes = entry.options.map(([code, label]) => {
    const input = make("input", { type: "checkbox", value: code, onchange: (event) => toggle(code, event.target.checked) });
    input.checked = chosen.has(code);
    return make("label", { class: "option" }, input, make("span", {}, said(label)));
  });
  return [make("p", { class: "hint" }, word("choose_some")), ...boxes];
}

function ranking(entry) {
  const ranks = { ...(state.answers[entry.code] ?? {}) };
  const set = (code, rank) => {
    if (rank) ranks[code] = rank;
    else delete ranks[code];
    answer(entry, { ...ranks });
  };
  const rows = entry.options.map(([code, label]) => {
    const choices = ["", ...entry.options.map((_, k) => String(k + 1))];
    const select = make("select", { "aria-label": said(label), onchange: (event) => set(code, event.target.value) },
      ...choices.map((rank) => make("option", { value: rank }, rank || "–")));
    select.value = ranks[code] ?? "";
    return make("div", { class: "rank" }, select, make("span", {}, said(label)));
  });
  return [make("p", { class: "hint" }, word("rank")), ...rows];
}

function field(entry, attributes, read = (text) => text) {
  const tag = entry.long ? "textarea" : "input";
  const element = make(tag, {
    "aria-label": said(entry.wording), autocomplete: "off", ...attributes,
    oninput: () => answer(entry, read(element.value)),
  });
  element.value = state.answers[entry.code] ?? "";
  return [element];
}

/** Full-width digits are digits; 3,5 is 3.5, but 3,500 is asked again: it could be either. */
function readNumber(text) {
  const plain = text.normalize("NFKC").trim();
  return /^[+-]?\d+,\d+$/.test(plain) && !/,\d{3}$/.test(plain) ? plain.replace(",", ".") : plain;
}

const KINDS = {
  rating, single, multiple, ranking,
  text: (entry) => field(entry, { type: entry.long ? null : "text", maxlength: 10000 }),
  number: (entry) => field(entry, { type: "text", inputmode: entry.whole ? "numeric" : "decimal", maxlength: 30 }, readNumber),
  date: (entry) => field(entry, { type: "date" }),
};

// ---- pages -----------------------------------------------------------------------------------

function render() {
  document.documentElement.lang = state.language;
  document.title = said(Q.title);
  document.getElementById("title").textContent = said(Q.title);
  renderLanguages();
  const shown = Q.pages.filter(visiblePage);
  const bar = document.getElementById("progress");
  bar.max = shown.length;
  bar.value = ending ? shown.length : shown.indexOf(Q.pages[state.page]);
  bar.setAttribute("aria-label", word("progress", { page: bar.value + 1, pages: shown.length }));
  renderNote();
  const main = document.getElementById("page");
  main.replaceChildren(...(ending ? endingPage() : page(Q.pages[state.page])));
}

function renderLanguages() {
  const buttons = Q.languages.length < 2 ? [] : Q.languages.map((language) => make("button", {
    type: "button", lang: language, "aria-pressed": String(language === state.language),
    onclick: () => { state.language = language; recheck(); keep(); render(); },
  }, Q.words[language].language));
  document.getElementById("languages").replaceChildren(...buttons);
}

/** Say the faults that are shown in the language that is now chosen. */
function recheck() {
  for (const code of Object.keys(faults)) faults[code] = fault(homes[code].entry) ?? "";
}

function renderNote() {
  const note = document.getElementById("note");
  note.hidden = !(resumed || !keeps) || ending !== null;
  if (!keeps) note.replaceChildren(word("not_kept"));
  else note.replaceChildren(make("span", {}, word("resumed")), make("button", { type: "button", class: "small", onclick: restart }, word("restart")));
}

function restart() {
  state = fresh(state.language);
  resumed = false;
  faults = {};
  ending = null;
  keep();
  render();
}

function page(one) {
  const parts = [];
  if (said(one.title)) parts.push(make("h2", {}, said(one.title)));
  if (said(one.text)) parts.push(make("p", {}, said(one.text)));
  const wrong = Object.keys(faults).length;
  if (wrong) parts.push(make("p", { class: "fault", role: "alert" }, word("missing_many", { n: wrong })));
  let prompted = said(one.text) ? "likert" : "";
  for (const block of one.blocks) {
    const type = block.entries[0].scale?.type;
    if (block.grid && type !== prompted) {
      parts.push(make("p", { class: "prompt" }, said(block.prompt)));
      prompted = type;
    }
    parts.push(...blockOf(block));
  }
  parts.push(make("nav", {},
    isFirst() ? make("span") : make("button", { type: "button", id: "back", onclick: back }, word("back")),
    make("button", { type: "button", class: "main", id: "next", onclick: next }, nextWord())));
  if (isFirst()) parts.push(...keptAnswers());
  return parts;
}

function isFirst() {
  return Q.pages.findIndex(visiblePage) === state.page;
}

function nextWord() {
  return word(nextPage() === null ? "finish" : isFirst() ? "begin" : "next");
}

function blockOf(block) {
  const order = state.order[block.code];
  const entries = order ? order.map((code) => homes[code].entry) : block.entries;
  return entries.map(question);
}

function nextPage() {
  for (let k = state.page + 1; k < Q.pages.length; k++) if (visiblePage(Q.pages[k])) return k;
  return null;
}

function next() {
  const entries = entriesOf(Q.pages[state.page]).filter((entry) => holds(entry.condition));
  faults = {};
  for (const entry of entries) {
    const problem = fault(entry);
    if (problem) faults[entry.code] = problem;
  }
  if (Object.keys(faults).length) {
    render();
    document.querySelector(".wrong").scrollIntoView({ block: "center" });
    document.querySelector(".wrong input, .wrong select, .wrong textarea").focus({ preventScroll: true });
    return;
  }
  const out = entries.find((entry) => entry.accept.length && !entry.accept.includes(state.answers[entry.code]));
  if (out) return end(out.role === "consent" ? "declined" : "screened_out");
  const target = nextPage();
  if (target === null) return finish();
  go(target);
}

function back() {
  for (let k = state.page - 1; k >= 0; k--) if (visiblePage(Q.pages[k])) return go(k);
}

function go(target) {
  state.page = target;
  faults = {};
  resumed = false;
  keep();
  render();
  scrollTo(0, 0);
  document.getElementById("page").focus({ preventScroll: true });
}

// ---- the end ---------------------------------------------------------------------------------

function finish() {
  const rows = stored("done", []);
  rows.push(row());
  store("done", rows);
  end("done");
}

function end(how) {
  ending = how;
  resumed = false;
  store("draft", null);
  render();
  scrollTo(0, 0);
  document.getElementById("page").focus({ preventScroll: true });
}

/** One respondent: what a column holds, by its heading; empty where nothing was asked. */
function row() {
  const finished = new Date().toISOString();
  const result = {
    id: state.id, _started: state.started, _finished: finished,
    _seconds: String(Math.round((Date.parse(finished) - Date.parse(state.started)) / 1000)),
    _language: state.language, _questionnaire: Q.name, _version: Q.version, _sha256: Q.sha256,
  };
  for (const { entry } of Object.values(homes)) {
    const value = effective(entry.code);
    if (entry.kind === "multiple") {
      for (const [code] of entry.options) {
        result[`${entry.code}_${code}`] = answered(value) ? (value.includes(code) ? "1" : "0") : "";
      }
    } else if (entry.kind === "ranking") {
      for (const [code] of entry.options) result[`${entry.code}_${code}`] = value?.[code] ?? "";
    } else {
      result[entry.code] = value ?? "";
    }
  }
  return result;
}

function endingPage() {
  if (ending !== "done") {
    const own = ending === "screened_out" ? said(Q.screened_out) : "";
    return [make("p", {}, own || word(ending)), make("nav", {}, againButton())];
  }
  return [
    make("h2", {}, said(Q.thanks) || word("thanks")),
    make("p", {}, word("kept_here")),
    ...keptAnswers(),
    make("nav", {}, againButton()),
  ];
}

/** Buttons for the answers on this device, also on the first page: a reload must not hide them. */
function keptAnswers() {
  const rows = stored("done", []);
  if (rows.length === 0) return [];
  return [make("section", { id: "kept" },
    make("p", { id: "count" }, word("kept_count", { n: rows.length })),
    make("nav", {},
      make("button", { type: "button", id: "csv", class: ending ? "main" : null, onclick: () => save(asCsv(rows), "csv", "text/csv") }, word("save_csv")),
      make("button", { type: "button", id: "json", onclick: () => save(asJson(rows), "json", "application/json") }, word("save_json")),
      make("button", { type: "button", class: "danger", id: "erase", onclick: erase }, word("erase"))))];
}

function againButton() {
  return make("button", { type: "button", id: "again", onclick: restart }, word("again"));
}

function erase() {
  if (!confirm(word("erase_sure"))) return;
  store("done", null);
  restart();
}

function columns() {
  return [...META, ...Object.values(homes).flatMap(({ entry }) =>
    ["multiple", "ranking"].includes(entry.kind) ? entry.options.map(([code]) => `${entry.code}_${code}`) : [entry.code])];
}

function asCsv(rows) {
  const headings = columns();
  const lines = [headings, ...rows.map((one) => headings.map((heading) => one[heading] ?? ""))];
  return "\ufeff" + lines.map((cells) => cells.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** A cell that no spreadsheet takes for a formula. */
function cell(text) {
  const plain = /^[=+\-@＝＋－＠\t\r\n]/.test(text) && !NUMBER.test(text) ? "'" + text : text;
  return /[",\r\n]/.test(plain) ? '"' + plain.replaceAll('"', '""') + '"' : plain;
}

function asJson(rows) {
  return JSON.stringify({ questionnaire: Q.name, version: Q.version, sha256: Q.sha256, responses: rows }, null, 1);
}

function save(text, ending_, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const day = new Date().toISOString().slice(0, 10);
  const link = make("a", { href: address, download: `${Q.name}_${day}.${ending_}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

store("probe", 1);
store("probe", null);
if (!Q.languages.includes(state.language)) state.language = Q.language;
render();
