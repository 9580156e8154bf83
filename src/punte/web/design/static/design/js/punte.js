// What a page gains with JavaScript. Without it every path still works: links keep href, forms keep action.

// A form is sent once. The button keeps its width, says what it is doing, and a second press does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (event.submitter?.formTarget === "_blank") return; // a preview in another tab: this page stays, and free
  if (event.submitter?.hasAttribute("data-free")) return; // a file comes: this page stays, and free
  if (form.hasAttribute("aria-busy")) { event.preventDefault(); return; }
  form.setAttribute("aria-busy", "true");
  const button = event.submitter;
  if (!button || !button.dataset.busy) return;
  button.style.inlineSize = `${button.offsetWidth}px`;
  button.dataset.idle = button.innerHTML;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
});
const rest = (form) => {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-idle]")) {
    button.innerHTML = button.dataset.idle;
    button.removeAttribute("data-idle");
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    button.style.inlineSize = "";
  }
};
// Back from the next page (the browser kept this one as it was), or an answer by htmx: free again.
addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(rest); });
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[aria-busy]");
  if (form) rest(form);
});

// A link with data-dialog="id" opens that dialog instead of the page it leads to; focus comes back by itself.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); dialog.showModal(); }
  if (event.target.closest("[data-close]")) { event.preventDefault(); event.target.closest("dialog")?.close(); }
  // Drop-downs close when one presses elsewhere.
  for (const drop of document.querySelectorAll("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const drop of document.querySelectorAll("details.drop[open]")) { drop.open = false; drop.querySelector("summary").focus(); }
});

// Toasts leave after 8 s, unless someone is reading them.
const dismiss = (toast) => setTimeout(() => {
  if (toast.matches(":hover, :focus-within")) dismiss(toast); else toast.remove();
}, 8000);

// Problems on top of a form take the focus, on load and after a swap.
const arrive = (root) => {
  root.querySelector("[data-focus]")?.focus();
  root.querySelectorAll("[data-toast]:not([data-seen])").forEach((toast) => { toast.dataset.seen = ""; dismiss(toast); });
};
arrive(document);
document.addEventListener("htmx:afterSettle", (event) => arrive(event.target));

// A button that is disabled while its answer comes loses the focus; it has it again in the part that was swapped.
let pressed = "";
document.addEventListener("htmx:beforeRequest", () => { if (document.activeElement?.id) pressed = document.activeElement.id; });
document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement === document.body && pressed) document.getElementById(pressed)?.focus();
});

// Rows to be chosen: one box ticks all that is seen, and the bar counts them.
document.addEventListener("change", (event) => {
  const list = event.target.closest("#lista");
  if (!list) return;
  const boxes = [...list.querySelectorAll("tbody [name=alese]")];
  const all = list.querySelector("[data-pick-all]");
  if (event.target === all) for (const box of boxes) box.checked = all.checked;
  const ticked = boxes.filter((box) => box.checked).length;
  if (all) { all.checked = ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
  const picked = list.querySelector("[data-picked]");
  if (picked) picked.textContent = `${ticked} ${ticked === 1 ? picked.dataset.one : picked.dataset.many}`;
});
