// What was typed into a draft and not saved survives a lost session: a copy of the form stays on
// this device until it is saved, for one draft and one person. staff.js throws old copies away,
// and all of them on signing out. And a saved draft opens where one was. For drafts of all kinds.
(() => {
  "use strict";
  const PAUSE = 400; // milliseconds without a key
  const offer = document.getElementById("unsaved");
  const form = offer?.closest("form");
  if (!form) return;
  const name = offer.dataset.name;
  const has = (selector) => Boolean(document.querySelector(selector));
  // The form came back unsaved: with errors, or because somebody else saved meanwhile.
  const cameBack = has(".errornote");

  // --- Copies -----------------------------------------------------------------------------------

  const COUNTS = /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
  const isTyped = (input) =>
    input.name && !/^(submit|button|file)$/.test(input.type) && !/csrfmiddlewaretoken|__prefix__/.test(input.name) && !COUNTS.test(input.name);
  const inputs = () => [...form.elements].filter(isTyped);
  // What was chosen goes with its words: a chooser that searches knows no others.
  const valueOf = (input) => {
    if (input.type === "checkbox") return input.checked;
    if (input.type === "radio") return form.elements[input.name].value;
    if (input.options) return [...input.selectedOptions].map(({ value, text }) => [value, text]);
    return input.value;
  };
  const fields = () => Object.fromEntries(inputs().map((input) => [input.name, valueOf(input)]));

  const ROW = /^(.+)-(\d+)-(\w+)$/;
  const isOfRow = (name, prefix, row) => name.startsWith(`${prefix}-${row}-`);
  const SEEN = /^(token|base)$/; // what was stored when the form was opened
  // What saving itself changes says nothing of what was typed.
  const MADE = /^(id|key|position|version|DELETE)$/;
  // What was chosen is in a hidden field once its row is saved.
  const inOneText = (value) => (Array.isArray(value) ? value.map(([chosen]) => chosen).join() : value);
  const tidy = (value) => (typeof value === "boolean" ? value : String(inOneText(value)).replace(/\r\n/g, "\n").trim());
  const isFilled = (prefix, cells) =>
    cells.some(([field, cell]) => typeof cell === "string" && cell !== (form.elements[`${prefix}-__prefix__-${field}`]?.value ?? ""));
  const contentOf = (values) => {
    const heads = [];
    const rows = {};
    for (const [name, value] of Object.entries(values)) {
      const [, prefix, row, field] = ROW.exec(name) ?? [];
      if (!prefix && !SEEN.test(name)) heads.push([name, tidy(value)]);
      if (prefix && !MADE.test(field) && !values[`${prefix}-${row}-DELETE`]) (rows[`${prefix}-${row}`] ??= { prefix, cells: [] }).cells.push([field, tidy(value)]);
    }
    const filled = Object.values(rows).filter(({ prefix, cells }) => isFilled(prefix, cells));
    return JSON.stringify([heads.sort(), filled.map(({ prefix, cells }) => JSON.stringify([prefix, cells.sort()])).sort()]);
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  };
  const forget = () => localStorage.removeItem(name);
  let isOpen = false; // an offer that waits for an answer; its copy is not written over
  const keep = () => {
    if (isOpen) return;
    try {
      localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields: fields() }));
    } catch {
      // No room, or none allowed: then the warning before leaving is all there is.
    }
  };

  // --- The offer ----------------------------------------------------------------------------------

  const inWords = (at) => {
    const moment = new Date(at);
    const time = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const isToday = moment.toDateString() === new Date().toDateString();
    return isToday ? time : `${moment.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, ${time}`;
  };
  const close = () => {
    isOpen = false;
    offer.hidden = true;
  };
  const write = (name, value) => {
    const input = form.elements[name];
    if (!input) return;
    if (input.type === "checkbox") input.checked = value;
    else if (input.options) choose(input, Array.isArray(value) ? value : [[value, value]]);
    else input.value = inOneText(value);
  };
  const choose = (select, chosen) => {
    for (const option of select.options) option.selected = false;
    for (const [value, text] of chosen) {
      const known = [...select.options].find((option) => option.value === value) ?? select.appendChild(new Option(text, value));
      known.selected = true;
    }
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const addRows = (names) => {
    for (const name of names) {
      const [, prefix, row] = ROW.exec(name) ?? [];
      const isThere = !prefix || [...form.elements].some((input) => isOfRow(input.name, prefix, row));
      if (!isThere) document.querySelector(`#${prefix}-group .add-row a`)?.click();
    }
  };
  const focusFirst = () => inputs().find((input) => input.type !== "hidden" && input.offsetParent)?.focus();
  const restore = (copy) => {
    addRows(Object.keys(copy.fields));
    // With the token that the copy began from: if somebody saved since, saving shows both texts.
    for (const [name, value] of Object.entries(copy.fields)) write(name, value);
    close();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    focusFirst();
  };
  const button = (words, kind) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: kind, textContent: words });
    return made;
  };
  const show = (copy) => {
    const words = `Restore the text that was not saved (${inWords(copy.at)})`;
    const yes = button(words, "button");
    const no = button("Throw it away", "button plain");
    yes.addEventListener("click", () => restore(copy));
    no.addEventListener("click", () => {
      forget();
      close();
      focusFirst();
    });
    const isOlder = copy.fields.token !== form.elements.token.value;
    const meanwhile = isOlder ? " The draft was saved since then: if you restore yours, saving shows you both texts." : "";
    const told = `You typed something here that was not saved.${meanwhile} Choose before you write on: until then no new copy is kept.`;
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(yes, no);
    const says = document.createElement("p");
    says.textContent = told;
    offer.replaceChildren(says, tools);
    offer.hidden = false;
    isOpen = true;
  };

  const copy = read();
  if (cameBack) keep();
  else if (copy?.fields && contentOf(copy.fields) !== contentOf(fields())) show(copy);
  else forget();

  let timer;
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", keepSoon);
  // Django's fields that search tell jQuery alone, which comes after this script.
  addEventListener("load", () => window.django.jQuery(form).on("change", keepSoon));

  // --- The place ----------------------------------------------------------------------------------

  let last = null; // the field that was written in; a press of the button takes the focus from it
  form.addEventListener("focusin", ({ target }) => {
    if (isTyped(target)) last = target;
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    clearTimeout(timer);
    keep();
    const top = last?.getBoundingClientRect().top;
    const place = { field: last?.name, top, scroll: scrollY, from: last?.selectionStart, to: last?.selectionEnd };
    sessionStorage.setItem("sent-draft", JSON.stringify({ name, path: location.pathname, place }));
  });
  const goBack = ({ field, top, scroll, from, to }) => {
    const input = field && form.elements[field];
    if (!input) return scrollTo(0, scroll);
    input.focus({ preventScroll: true });
    if (typeof from === "number") input.setSelectionRange(from, to);
    scrollBy(0, input.getBoundingClientRect().top - top);
  };
  const sent = JSON.parse(sessionStorage.getItem("sent-draft") ?? "null");
  sessionStorage.removeItem("sent-draft");
  if (sent?.path === location.pathname && !cameBack && offer.hidden && has(".messagelist .success")) {
    // After Django's own scripts, which number the passages, and after the font that sets the height
    // of what stands above.
    addEventListener("load", async () => {
      await document.fonts.ready;
      goBack(sent.place);
      document.getElementById("saved").textContent = `Saved ${inWords(Date.now())}.`;
    });
  }
})();
