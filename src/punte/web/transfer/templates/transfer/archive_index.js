"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const at = Object.fromEntries(data.columns.map((name, i) => [name, i]));
const el = (id) => document.getElementById(id);
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const texts = data.rows.map((row) => folded(["number", "seller", "seller_cui", "buyer", "buyer_cui", "upload_index", "date"].map((name) => row[at[name]]).join(" ")));
const PAGE = 100;
let language = "ro", shown = PAGE;

function say(key) { return data.words[language][key] || key; }
function make(tag, text, facts) { const node = document.createElement(tag); if (text) node.textContent = text; return Object.assign(node, facts || {}); }
function options(select, pairs) { const kept = select.value; select.replaceChildren(...pairs.map(([value, text]) => make("option", text, { value }))); select.value = kept; if (select.selectedIndex < 0) select.selectedIndex = 0; }
function money(row) { const total = row[at.total]; return total === "" ? "–" : new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(total) + " " + row[at.currency]; }
function day(text) { const [y, m, d] = text.split("-"); return `${d}.${m}.${y}`; }

function found() {
  const words = folded(el("q").value).split(/\s+/).filter(Boolean), kind = el("kind").value, month = el("month").value;
  const rows = [];
  data.rows.forEach((row, i) => {
    if ((!kind || row[at.kind] === kind) && (!month || row[at.date].startsWith(month)) && words.every((word) => texts[i].includes(word))) rows.push(row);
  });
  return rows.reverse();
}

function cell(tag, label, facts) { const node = make(tag, "", facts); if (label) node.dataset.l = label; return node; }
function link(href, text, of) { const a = make("a", text, { href }); a.append(make("span", " " + of, { className: "vh" })); return a; }

function line(row) {
  const tr = make("tr"), mine = row[at.kind] === "sent", number = row[at.number] || row[at.upload_index];
  const head = cell("th"); head.scope = "row"; head.append(number, make("small", `${say("index")} ${row[at.upload_index]}`));
  const kind = cell("td", say("kind")); kind.append(say("is_" + row[at.kind]));
  const date = cell("td", say("date"), { className: "nowrap" }); date.append(day(row[at.date]));
  const who = cell("td", say("partner")); who.append(row[mine ? at.buyer : at.seller] || "–", make("small", row[mine ? at.buyer_cui : at.seller_cui]));
  const total = cell("td", say("total"), { className: "num" }); total.append(money(row));
  const seal = cell("td", say("seal")); seal.append(make("span", say(row[at.seal]), { className: { valid: "", forged: "bad" }[row[at.seal]] ?? "warn" }));
  if (row[at.note]) seal.append(make("small", row[at.note], { className: "bad" }));
  const files = cell("td", say("files"));
  if (row[at.file]) files.append(link(row[at.file], "ZIP", `${say("package")} ${number}`));
  if (row[at.pdf]) files.append(link(row[at.pdf], "PDF", number));
  tr.append(head, kind, date, who, total, seal, files);
  return tr;
}

function draw() {
  const rows = found();
  el("count").textContent = `${rows.length} ${say("found_" + new Intl.PluralRules(language).select(rows.length))}`;
  el("more").hidden = rows.length <= shown;
  if (!rows.length) { el("place").replaceChildren(make("p", say("none"), { className: "empty" })); return; }
  const table = make("table"), head = make("tr"), body = make("tbody");
  for (const key of ["number", "kind", "date", "partner", "total", "seal", "files"]) head.append(make("th", say(key), { scope: "col", className: key === "total" ? "num" : "" }));
  body.append(...rows.slice(0, shown).map(line));
  const top = make("thead"); top.append(head);
  table.append(make("caption", say("title"), { className: "vh" }), top, body);
  el("place").replaceChildren(table);
}

function speak(next) {
  language = next; document.documentElement.lang = next; el("language").lang = next === "ro" ? "en" : "ro";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = say(node.dataset.t);
  const kinds = ["sent", "received", "refused", "message"].filter((kind) => data.rows.some((row) => row[at.kind] === kind));
  options(el("kind"), [["", say("all")], ...kinds.map((kind) => [kind, say(kind)])]);
  const months = [...new Set(data.rows.map((row) => row[at.date].slice(0, 7)))].sort().reverse();
  const named = new Intl.DateTimeFormat(next, { month: "long", year: "numeric", timeZone: "UTC" });
  options(el("month"), [["", say("all")], ...months.map((month) => [month, named.format(new Date(month + "-01T00:00Z"))])]);
  document.title = `${say("title")} · ${data.facts.firm}`;
  draw();
}

for (const id of ["q", "kind", "month"]) el(id).addEventListener("input", () => { shown = PAGE; draw(); });
el("more").addEventListener("click", () => { shown += PAGE; draw(); });
el("language").addEventListener("click", () => speak(language === "ro" ? "en" : "ro"));
speak("ro");
