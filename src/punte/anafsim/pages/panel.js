// The page works without this. With it, a switch does not reload the page, and what others do shows by itself.
const EVERY = 2000; // milliseconds between two looks
const said = document.getElementById("said"), live = document.getElementById("live"), time = document.getElementById("time");
const romanian = new Intl.DateTimeFormat("ro-RO", { timeZone: "Europe/Bucharest", day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat("ro-RO", { timeZone: "Europe/Bucharest", hour: "2-digit", minute: "2-digit", second: "2-digit" });
let silent = false;

async function look() {
  let parts;
  try {
    const answer = await fetch("/panou/acum");
    parts = await answer.json();
  } catch {
    if (!silent) said.textContent = "Simulatorul nu mai răspunde. Porniți-l din nou și reîncărcați pagina.";
    silent = true;
    return;
  }
  if (silent) said.textContent = "Simulatorul răspunde din nou.";
  silent = false;
  time.dataset.offset = parts.seconds;
  for (const [id, { digest, html }] of Object.entries(parts.parts)) {
    const place = document.getElementById(id);
    if (!place || place.dataset.part === digest) continue; // what has not changed stays, with its focus
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.innerHTML = html;
    place.dataset.part = digest;
    if (focused) document.getElementById(focused)?.focus();
  }
}

function tick() {
  const now = new Date(Date.now() + 1000 * Number(time.dataset.offset));
  time.textContent = `${romanian.format(now)}, ${clock.format(now)}`;
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  if (submitter.getAttribute("aria-busy")) return;
  submitter.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ [submitter.name]: submitter.value });
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    said.textContent = (await answer.json()).said;
  } catch {
    said.textContent = "Simulatorul nu răspunde.";
  }
  submitter.removeAttribute("aria-busy");
  await look();
});

document.getElementById("live-label").hidden = false;
setInterval(() => live.checked && !document.hidden && look(), EVERY);
setInterval(tick, 1000);
