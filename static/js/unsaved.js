// What was typed into a draft and not saved survives a lost session: a copy of the form stays on
// this device until it is saved, for one draft and one person. staff.js throws old copies away,
// and all of them on signing out. And a saved draft opens where one was.
(() => {
  "use strict";
  const { el } = window.her2Editor;
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
  const valueOf = (input) => (input.type === "checkbox" ? input.checked : input.value);
  const fields = () => Object.fromEntries(inputs().map((input) => [input.name, valueOf(input)]));

  const tidy = (value) => String(value ?? "").replace(/\r\n/g, "\n").trim();
  // What readers would see of it: not the numbers of rows, which saving itself changes.
  const textOf = (values) => {
    const heads = ["title", "summary", "key_points", "written_by", "change_kind", "change_note"].map((head) => tidy(values[head]));
    const rows = [];
    for (const key of Object.keys(values)) {
      const row = /^(passages-\d+)-body$/.exec(key)?.[1];
      if (row && !values[`${row}-DELETE`]) rows.push([tidy(values[`${row}-heading`]), tidy(values[key])]);
    }
    return JSON.stringify([heads, rows.filter((row) => row.join(""))]);
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
  const rowsIn = (values) => 1 + Math.max(-1, ...Object.keys(values).map((key) => Number(/^passages-(\d+)-/.exec(key)?.[1] ?? -1)));
  const restore = (copy) => {
    for (let row = 0; row < rowsIn(copy.fields); row += 1)
      if (!form.elements[`passages-${row}-body`]) form.querySelector("#passages-group .add-row a")?.click();
    // With the token that the copy began from: if somebody saved since, saving shows both texts.
    for (const [field, value] of Object.entries(copy.fields)) {
      const input = form.elements[field];
      if (!input) continue;
      if (input.type === "checkbox") input.checked = value;
      else input.value = value;
    }
    close();
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.title.focus();
  };
  const show = (copy) => {
    const words = `Restore the text that was not saved (${inWords(copy.at)})`;
    const yes = el("button", { type: "button", class: "button" }, words);
    const no = el("button", { type: "button", class: "button plain" }, "Throw it away");
    yes.addEventListener("click", () => restore(copy));
    no.addEventListener("click", () => {
      forget();
      close();
      form.elements.title.focus();
    });
    const isOlder = copy.fields.token !== form.elements.token.value;
    const meanwhile = isOlder ? " The draft was saved since then: if you restore yours, saving shows you both texts." : "";
    const told = `You typed something here that was not saved.${meanwhile} Choose before you write on: until then no new copy is kept.`;
    offer.replaceChildren(el("p", {}, told), el("div", { class: "tools" }, yes, no));
    offer.hidden = false;
    isOpen = true;
  };

  const copy = read();
  if (cameBack) keep();
  else if (copy?.fields && textOf(copy.fields) !== textOf(fields())) show(copy);
  else forget();

  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });

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
