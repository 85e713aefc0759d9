// What makes a long form short: questions that do not apply go, lists are narrowed, rows come and go.
// Every form works without this file; where it runs, a question that is not shown is not sent.

const make = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Questions that apply for some answers only: data-when names the question before them, data-is the answers they
// apply for, data-not those they do not. What they hold may come late, in a template.
const answers = (form, name) => {
  const chosen = [...form.elements].filter(
    (control) => control.name === name && (!["checkbox", "radio"].includes(control.type) || control.checked),
  );
  return chosen.length ? chosen.map((control) => control.value) : [""];
};
const applies = (block) => {
  const said = answers(block.closest("form"), block.dataset.when);
  const among = (values) => said.some((value) => values.split("|").includes(value));
  return "is" in block.dataset ? among(block.dataset.is) : !among(block.dataset.not);
};
const settle = () => {
  for (const block of document.querySelectorAll("form [data-when]")) {
    const shown = applies(block);
    const part = block.matches("input") ? block.closest(".usa-checkbox, .usa-radio") : block;
    if (shown) {
      const late = block.querySelector(":scope > template[data-late]");
      if (late) {
        const content = late.content;
        enrich(content);
        late.replaceWith(content);
      }
    }
    part.hidden = !shown;
    part.toggleAttribute("data-off", !shown);
  }
  for (const control of document.querySelectorAll("form :is(input, select, textarea)")) {
    control.disabled = control.closest("[data-off]") !== null;
  }
};

// A long list of checkboxes: what is chosen stands above it, a box narrows it by name or by another word for it.
const picker = (frame) => {
  const list = frame.querySelector(".picker__list");
  const boxes = [...list.querySelectorAll("input")];
  const nameOf = (box) => box.nextElementSibling.textContent;
  const choices = boxes.map((box) => ({
    box,
    part: box.parentElement,
    words: folded(`${nameOf(box)} ${box.dataset.words ?? ""}`),
  }));
  const chosen = frame.querySelector("[data-chosen]");
  const legend = frame.closest("fieldset").querySelector("legend").firstChild.textContent.trim();
  const search = make("input", {
    type: "search", class: "usa-input picker__search", autocomplete: "off", "aria-controls": list.id,
    "aria-label": `Search in: ${legend}`, placeholder: "Type to search",
  });
  const count = make("p", { class: "usa-sr-only", role: "status" });
  const shown = () => choices.filter(({ part }) => !part.hidden);
  search.addEventListener("input", () => {
    const wanted = folded(search.value).split(/\s+/);
    for (const { part, words } of choices) part.hidden = !wanted.every((word) => words.includes(word));
    count.textContent = `${shown().length} of ${choices.length}`;
  });
  search.addEventListener("keydown", (event) => {
    const first = shown()[0]?.box;
    if (event.key === "Enter") {
      event.preventDefault();
      if (search.value && first) first.click();
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const order = shown().map(({ box }) => box);
    (order[order.indexOf(event.target) + step] ?? search).focus();
  });
  list.addEventListener("change", () => {
    const names = boxes.filter((box) => box.checked).map(nameOf);
    chosen.textContent = names.length ? `Chosen: ${names.join(", ")}` : "None chosen";
  });
  frame.insertBefore(search, list);
  frame.append(count);
};

// A long select becomes a box to type into (the combobox pattern of the ARIA practices); the select stays, and is sent.
const combo = (select) => {
  const { id } = select;
  const list = make("ul", { class: "combo__list", role: "listbox", id: `${id}_list`, hidden: "" });
  const input = make("input", {
    type: "text", class: "usa-input", id, role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-controls": list.id, "aria-expanded": "false",
  });
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.id = `${id}_select`;
  select.hidden = true;
  list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`).firstChild.textContent.trim());
  const options = [...select.options].filter((option) => option.value);
  const labelOf = () => (select.value ? select.selectedOptions[0].textContent : "");
  let active = -1;
  const items = () => [...list.children];
  const mark = (at) => {
    active = at;
    items().forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    const item = items()[at];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const choose = (value) => {
    select.value = value;
    input.value = labelOf();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const open = (text) => {
    const wanted = folded(text.trim());
    const starts = options.filter((option) => folded(option.textContent).startsWith(wanted));
    const holds = options.filter((option) => !starts.includes(option) && folded(option.textContent).includes(wanted));
    list.replaceChildren(
      ...[...starts, ...holds].map((option) =>
        make("li", { role: "option", id: `${id}_${option.value}`, "data-value": option.value }, option.textContent),
      ),
    );
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(wanted && !list.hidden ? 0 : -1);
  };
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => list.hidden && open(""));
  input.addEventListener("keydown", (event) => {
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      if (list.hidden) open("");
      const last = items().length - 1;
      mark(event.key === "ArrowDown" ? Math.min(active + 1, last) : Math.max(active - 1, 0));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (items()[active]) choose(items()[active].dataset.value);
    } else if (event.key === "Escape" && !list.hidden) {
      input.value = labelOf();
      close();
    }
  });
  input.addEventListener("blur", () => {
    if (!input.value.trim()) choose("");
    else if (items()[active] && !list.hidden) choose(items()[active].dataset.value);
    else {
      input.value = labelOf();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[data-value]");
    if (item) choose(item.dataset.value);
  });
  input.value = labelOf();
  const box = make("div", { class: "combo" });
  select.after(box);
  box.append(input, list, select);
};

// How much room is left in a text; said to a screen reader only when the typing pauses.
const counter = (area) => {
  const seen = make("p", { class: "usa-hint counter", "aria-hidden": "true" });
  const told = make("p", { class: "usa-sr-only", role: "status" });
  let pause;
  const count = () => {
    const left = Number(area.dataset.count) - [...area.value.replace(/\r?\n/g, "\n")].length;
    seen.textContent = left < 0 ? `${(-left).toLocaleString("en-US")} characters too many` : `${left.toLocaleString("en-US")} characters left`;
    seen.classList.toggle("counter--over", left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => (told.textContent = seen.textContent), 1000);
  };
  area.addEventListener("input", count);
  area.after(seen, told);
  count();
};

// Rows: one more, or one less, without asking the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="rows"]');
  const frame = button?.closest("[data-rows]");
  if (!frame) return;
  event.preventDefault();
  const template = frame.querySelector("template[data-row]");
  const rows = () => [...frame.querySelectorAll(":scope > .row")];
  const add = () => {
    const numbers = rows().map((row) => Number(row.dataset.prefix.split("-").at(-1)));
    const copy = make("template");
    copy.innerHTML = template.innerHTML.replaceAll("__n__", String(Math.max(-1, ...numbers) + 1));
    template.before(copy.content);
    settle();
    rows().at(-1).querySelector("input, select")?.focus();
  };
  if (button.value.startsWith("add")) {
    add();
    return;
  }
  const row = button.closest(".row");
  const beside = row.previousElementSibling ?? row.nextElementSibling;
  row.remove();
  if (rows().length) beside.querySelector("input, select")?.focus();
  else add();
});

const enrich = (part) => {
  part.querySelectorAll("[data-picker]").forEach(picker);
  part.querySelectorAll("select[data-combo]").forEach(combo);
  part.querySelectorAll("textarea[data-count]").forEach(counter);
};
const unfold = () => {
  const field = location.hash && document.getElementById(location.hash.slice(1));
  if (!field) return;
  for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  (field.matches("input, select, textarea") ? field : (field.querySelector("input") ?? field)).focus();
};

document.documentElement.classList.add("scripted");
enrich(document);
settle();
document.addEventListener("change", settle);
window.addEventListener("hashchange", unfold);
unfold();
