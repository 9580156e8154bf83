// The editor with JavaScript: suggestions while typing, rows by keyboard, a draft that keeps itself.
// Without it every button is a form sent, and nothing here is needed.
{
  const form = document.getElementById("editor");
  const judge = document.getElementById("judecata");
  const changed = () => judge.dispatchEvent(new Event("input", { bubbles: true }));
  const isText = (at) => at.matches("textarea, select, input:not([type=checkbox], [type=radio])") || at.isContentEditable;

  // --- rows: each a <tbody data-row id="rand-n">; n is its place, from 0 ---

  const rows = () => [...form.querySelectorAll("[data-row]")];
  const rowOf = (at) => at.closest?.("[data-row]");
  const field = (row, name) => row.querySelector(`[name="${row.id}-${name}"]`);
  const isBlank = (row) => ["name", "description", "price"].every((name) => !field(row, name).value.trim());
  const removed = [];
  const NAMED = ["id", "name", "for", "aria-describedby", "aria-controls"];

  const renumber = () => {
    rows().forEach((row, n) => {
      const renamed = (text) => text.replace(/rand-\d+/g, `rand-${n}`);
      for (const part of [row, ...row.querySelectorAll("*")]) {
        for (const name of NAMED) if (part.hasAttribute(name)) part.setAttribute(name, renamed(part.getAttribute(name)));
        if (part.hasAttribute("aria-label")) part.setAttribute("aria-label", part.getAttribute("aria-label").replace(/\d+$/, n + 1));
        if (part.tagName === "BUTTON") part.value = part.value.replace(/\d+$/, n);
      }
    });
    for (const part of document.querySelectorAll("[hx-select-oob]")) {  // what an answer swaps, row by row
      const kept = part.getAttribute("hx-select-oob").split(",").filter((one) => !/rand-\d+$/.test(one));
      const asks = kept.includes("#intrebare") && form.querySelector(".lines .v");
      const each = rows().flatMap(({ id }) => [`#valoare-${id}`, `#spus-${id}`, ...(asks ? [`#tva-${id}`] : [])]);
      const lives = kept.includes("#intrebare") || part === judge;
      part.setAttribute("hx-select-oob", [...kept, ...(lives ? each : [])].join(","));
    }
    changed();
  };

  const add = () => {
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    row.querySelector(".line-problem")?.remove();
    row.querySelectorAll(".pick-list").forEach((list) => list.remove());
    row.querySelectorAll("details").forEach((more) => { more.open = false; });
    row.querySelectorAll("[aria-invalid]").forEach((part) => part.removeAttribute("aria-invalid"));
    for (const part of row.querySelectorAll("input, select")) {
      const name = part.name.replace(/^rand-\d+-/, "");
      if (name === "vat") part.value = field(last, "vat").value; // the next row is most often taxed as this one
      else part.value = { quantity: "1", unit: "H87" }[name] ?? "";
    }
    row.querySelector(".t").textContent = "–";
    last.after(row);
    renumber();
    htmx.process(row);
    field(row, "name").focus();
    return row;
  };

  const drop = (row) => {
    const all = rows(), at = all.indexOf(row);
    if (all.length === 1) { if (isBlank(row)) return; add(); }
    const focus = all[at + 1] ?? all[at - 1] ?? rows().at(-1);
    removed.push({ row, at });
    row.remove();
    renumber();
    field(focus, "name").focus();
    const said = document.getElementById("sters");
    said.innerHTML = '<span role="status"></span> <button class="btn small" type="button" data-undo></button>';
    said.querySelector("button").textContent = said.dataset.undo;
    setTimeout(() => { said.querySelector("span").textContent = said.dataset.said; }, 50); // after it is there: read aloud
    clearTimeout(drop.timer);
    drop.timer = setTimeout(() => { if (!said.contains(document.activeElement)) said.replaceChildren(); }, 30000);
  };

  const undo = () => {
    const last = removed.pop();
    if (!last) return false;
    const all = rows();
    if (all.length === 1 && isBlank(all[0])) all[0].replaceWith(last.row);
    else if (all[last.at]) all[last.at].before(last.row);
    else all.at(-1).after(last.row);
    renumber();
    if (!removed.length) document.getElementById("sters").replaceChildren();
    field(last.row, "name").focus();
    return true;
  };

  const move = (row, by) => {
    const other = rows()[rows().indexOf(row) + by];
    if (!other) return;
    const at = document.activeElement;
    if (by < 0) other.before(row); else other.after(row);
    renumber();
    at.focus(); // moving a part of the page takes the focus from it
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = rowOf(button);
    const act = button.id === "rand-nou" ? add
      : button.hasAttribute("data-undo") ? undo
      : row && button.hasAttribute("data-delete") ? () => drop(row)
      : row && button.hasAttribute("data-up") ? () => move(row, -1)
      : row && button.hasAttribute("data-down") ? () => move(row, 1) : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // before htmx asks the server for the same
    act();
  }, true);

  // --- suggestions: an ARIA combobox over the plain field ---

  let pick = null; // { input, list, active, wait, asked }

  const source = (input) => {
    if (input.id === "id_client-name") return input.closest("[data-pick]").dataset;
    const table = input.matches(".d .pick input") && input.closest("[data-products]");
    return table ? { pick: table.dataset.products, label: table.dataset.label } : null;
  };
  const dress = (input) => {
    if (pick?.input === input) return;
    undress();
    const list = document.createElement("ul");
    list.className = "pick-list"; list.id = `${input.id}-list`; list.hidden = true;
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", source(input).label);
    input.closest(".pick").append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
    pick = { input, list, active: -1 };
  };
  const close = () => {
    if (!pick) return;
    clearTimeout(pick.wait);
    pick.list.hidden = true; pick.active = -1;
    pick.input.setAttribute("aria-expanded", "false");
    pick.input.removeAttribute("aria-activedescendant");
  };
  const undress = () => {
    if (!pick) return;
    close();
    for (const name of ["role", "aria-autocomplete", "aria-expanded", "aria-controls"]) pick.input.removeAttribute(name);
    pick.list.remove();
    pick = null;
  };
  const mark = (active) => {
    const options = [...pick.list.children];
    pick.active = (active + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", n === pick.active));
    pick.input.setAttribute("aria-activedescendant", options[pick.active].id);
    options[pick.active].scrollIntoView({ block: "nearest" });
  };
  const ask = async (input) => {
    const query = input.value.trim(), { list } = pick;
    if (!query) { close(); return; }
    const born = document.getElementById("id_client-born").value;
    const answer = await fetch(`${source(input).pick}?q=${encodeURIComponent(query)}&born=${born}`).catch(() => null);
    if (!answer?.ok || pick?.input !== input || input.value.trim() !== query) return;
    list.innerHTML = await answer.text();
    [...list.children].forEach((option, n) => { option.id = `${list.id}-${n}`; });
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", !list.hidden);
    pick.active = -1;
    input.removeAttribute("aria-activedescendant");
    if (list.children.length === 1 && list.firstElementChild.dataset.anaf !== undefined) mark(0); // a CUI: Enter asks ANAF
  };
  const fill = (row, fields) => {
    for (const [name, value] of Object.entries(fields)) {
      const part = field(row, name);
      if (!part || (part.tagName === "SELECT" && ![...part.options].some((one) => one.value === value))) continue;
      part.value = value;
    }
  };
  const choose = (option) => {
    const { input } = pick;
    close();
    if (option.dataset.client) {
      input.value = option.dataset.name;
      const button = document.getElementById("alege-client");
      button.value = `pick-${option.dataset.client}`;
      button.click();
    } else if (option.dataset.anaf !== undefined) {
      document.getElementById("cauta-la-anaf")?.click();
    } else if (option.dataset.fields) {
      const row = rowOf(input);
      fill(row, JSON.parse(option.dataset.fields));
      if (option.dataset.deposit && row.nextElementSibling?.dataset.row === undefined) fill(add(), JSON.parse(option.dataset.deposit));
      field(row, "quantity").focus();
      field(row, "quantity").select();
      changed();
    }
  };

  form.addEventListener("focusin", (event) => { if (event.target.matches("input") && source(event.target)) dress(event.target); else undress(); });
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input") || !source(event.target)) return;
    dress(event.target); // a field that had the focus before this script came
    clearTimeout(pick.wait);
    pick.wait = setTimeout(ask, 120, event.target);
    if (rowOf(event.target)) field(rowOf(event.target), "product").value = ""; // another name is another thing
  });
  form.addEventListener("input", (event) => { // as many deposits (SGR) as pieces
    const row = rowOf(event.target), next = row?.nextElementSibling;
    if (next?.dataset.row !== undefined && event.target === field(row, "quantity") && field(row, "product").value
      && field(next, "vat")?.value === "sgr") field(next, "quantity").value = event.target.value;
  });
  form.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && pick) { event.preventDefault(); choose(option); }
  });
  form.addEventListener("focusout", (event) => { if (event.target === pick?.input) close(); });

  // --- keys ---

  form.addEventListener("keydown", (event) => {
    const at = event.target, row = rowOf(at), command = event.ctrlKey || event.metaKey;
    const isOpen = pick?.input === at && !pick.list.hidden;
    const done = () => { event.preventDefault(); event.stopPropagation(); };
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      mark(pick.active + (event.key === "ArrowDown" ? 1 : pick.active < 0 ? 0 : -1));
      return done();
    }
    if (pick?.input === at && !isOpen && event.key === "ArrowDown" && !event.altKey) { ask(at); return done(); }
    if (isOpen && event.key === "Escape") { close(); return done(); }
    if (isOpen && event.key === "Enter" && pick.active >= 0 && !command) { choose(pick.list.children[pick.active]); return done(); }
    if (event.key === "Enter" && command) { document.getElementById("trimite")?.click(); return done(); }
    if (event.key === "Enter" && at.id === "id_client-name" && /^(RO)?\s*\d{2,10}$/i.test(at.value.trim())) {
      document.getElementById("cauta-la-anaf")?.click(); return done();
    }
    if (!row) return;
    if (event.key === "Enter" && at.matches("input, select") && !event.isComposing) {
      const next = rows()[rows().indexOf(row) + 1];
      close();
      if (next) field(next, "name").focus(); else if (!isBlank(row)) add();
      return done();
    }
    if (event.key === "Backspace" && command) { drop(row); return done(); }
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { move(row, event.key === "ArrowUp" ? -1 : 1); return done(); }
  });
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement, command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "s") { event.preventDefault(); dirty = true; if (keeps) keep(); else form.requestSubmit(); }
    if (command && !event.shiftKey && event.key.toLowerCase() === "z" && !isText(at) && undo()) event.preventDefault();
    if (event.key === "?" && !isText(at) && (form.contains(at) || at === document.body)) document.getElementById("taste").showModal();
  });
  document.querySelectorAll(".keys-link").forEach((link) => { link.hidden = false; });
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll(".keys-link").forEach((link) => { link.hidden = false; });
  });

  // --- the draft keeps itself ---

  const keeps = form.hasAttribute("data-autosave");
  const word = document.getElementById("salvat");
  let dirty = false, timer = 0, busy = null, stopped = false, savedAt = 0, savedWord = "";

  const say = (text) => { word.textContent = text; };
  const keep = (options = {}) => {
    clearTimeout(timer);
    if (!keeps || stopped || !dirty || busy) return busy;
    dirty = false;
    const body = new FormData(form);
    body.set("action", "autosave");
    if (!savedAt) say(word.dataset.saving);
    busy = fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" }, ...options })
      .then((answer) => answer.json())
      .then(kept)
      .catch(() => { dirty = true; savedAt = 0; say(word.dataset.offline); timer = setTimeout(keep, 8000); })
      .finally(() => { busy = null; if (dirty && !stopped) timer = setTimeout(keep, 1500); });
    return busy;
  };
  const kept = (answer) => {
    if (answer.state === "changed" || answer.state === "locked") {
      stopped = true;
      document.getElementById("veste").innerHTML = '<div class="banner warn"><div><p></p></div></div>';
      document.querySelector("#veste p").textContent = answer.text;
      say("");
      return;
    }
    savedWord = answer.text;
    savedAt = answer.state === "saved" ? Date.now() : 0;
    say(savedAt ? word.dataset.ago.replace("{n}", 1) : savedWord);
    if (answer.state !== "saved") return;
    document.getElementById("id_factura-seen").value = answer.seen;
    document.getElementById("id_client-born").value = answer.born;
    if (location.pathname !== answer.address) history.replaceState(null, "", answer.address);
    form.action = answer.address;
    document.getElementById("previzualizare").setAttribute("formaction", answer.preview);
  };
  setInterval(() => {
    const seconds = Math.round((Date.now() - savedAt) / 1000);
    if (savedAt && !busy) say(seconds < 60 ? word.dataset.ago.replace("{n}", seconds) : savedWord);
  }, 3000);

  const typed = () => { dirty = true; clearTimeout(timer); timer = setTimeout(keep, 1500); };
  form.addEventListener("input", (event) => { if (event.target.name !== "sablon") typed(); });
  form.addEventListener("change", typed);
  document.addEventListener("htmx:afterSwap", (event) => { if (["client", "factura", "randuri"].includes(event.target.id)) typed(); });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") return;
    clearTimeout(timer);
    if (busy) { // the draft is being kept: its answer first, so that it is not written twice
      event.preventDefault();
      busy.finally(() => form.requestSubmit(event.submitter));
      return;
    }
    dirty = false; stopped = true;
  });
  addEventListener("pagehide", () => { if (dirty && !stopped) keep({ keepalive: true }); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty && !stopped) keep({ keepalive: true }); });
  addEventListener("beforeunload", (event) => { if (!keeps && dirty && !stopped) event.preventDefault(); });
  addEventListener("pageshow", (event) => { if (event.persisted) stopped = false; });
}
