// What plain HTML does not do by itself. Every page works without this file.

// An open menu closes on Escape, and when the person goes elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.account[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const menu = document.querySelector("details.account[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}

// On a narrow screen the navigation scrolls sideways; the current entry comes into view.
document.querySelector(".site-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A second click on a slow button sends nothing; after a few seconds (a download leaves the page open) it may again.
const PAUSE_MS = 4000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, PAUSE_MS);
});

// The address of a search says only what was asked for: a form with data-lean leaves out its empty fields.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-lean]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// An error summary that arrives in an exchanged region takes the focus, as it does on a fresh page.
document.addEventListener("htmx:afterSwap", (event) => {
  event.target.querySelector?.(".error-summary")?.focus();
});
