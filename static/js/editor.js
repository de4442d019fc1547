// The toolbar of the editor. Every form works without it.
// `her2Editor` is what the other scripts of the draft's page share.
(() => {
  "use strict";
  const el = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // --- Writing into a textarea ------------------------------------------------------------------

  // Unlike `value = …` this can be undone with Ctrl+Z; where it does not exist, undo is lost.
  const insert = (area, text, from, to) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const selected = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

  const wrap = (before, after, sample) => (area) => {
    const { selectionStart: from, selectionEnd: to } = area;
    const inner = selected(area) || sample;
    insert(area, before + inner + after, from, to);
    area.setSelectionRange(from + before.length, from + before.length + inner.length);
  };

  // Every line that the selection touches.
  const prefix = (mark) => (area) => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.value.indexOf("\n", area.selectionEnd);
    const to = end < 0 ? area.value.length : end;
    const lines = area.value.slice(from, to).split("\n");
    insert(area, lines.map((line, n) => mark(n) + line).join("\n"), from, to);
  };

  // A block stands alone, with an empty line on each side.
  const insertBlock = (area, text, from, to) => {
    const before = area.value.slice(0, from);
    const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    insert(area, `${lead}${text}\n`, from, to);
  };
  const block = (text) => (area) =>
    insertBlock(area, text.replace("…", selected(area) || "…"), area.selectionStart, area.selectionEnd);

  const box = (name, title) => block(`::: ${name} ${title}\n…\n:::`);
  const TABLE = "| Heading | Heading |\n| --- | --- |\n| … | |";
  const LINK = /^https?:\/\//;
  const link = (area) => {
    const text = selected(area);
    if (LINK.test(text)) wrap("[what it says](", ")", text)(area);
    else wrap("[", "](https://)", "what it says")(area);
  };

  // --- The toolbar ------------------------------------------------------------------------------

  const editor = { el, insert, insertBlock };
  window.her2Editor = editor;

  // (words, what it does, shortcut with Ctrl or Command). The dialogs are picker.js's.
  const TOOLS = [
    ["Bold", wrap("**", "**", "bold"), "b"],
    ["Italic", wrap("*", "*", "italic"), "i"],
    ["Link", link, "k"],
    ["Heading", prefix(() => "### "), "Alt+3"],
    ["List", prefix(() => "- "), "Shift+8"],
    ["Numbers", prefix((n) => `${n + 1}. `), "Shift+7"],
    ["Table", block(TABLE), ""],
    ["Cite", (area) => editor.cite(area), "Alt+c"],
    ["Picture", (area) => editor.picture(area), "Alt+p"],
    ["Chances figure", (area) => editor.chances(area), ""],
    ["Note box", box("note", "Good to know"), ""],
    ["Detail box", box("detail", "More detail"), ""],
    ["Urgent box", box("urgent", "Call your hospital now if"), ""],
    ["Survival box", box("survival", "Figures about survival"), ""],
  ];

  const pressed = (event) => {
    const sign = event.code.startsWith("Digit") ? event.code.at(-1) : event.key.toLowerCase();
    return (event.altKey ? "Alt+" : "") + (event.shiftKey ? "Shift+" : "") + sign;
  };

  const makeButton = (area, [name, act, key]) => {
    const button = el("button", { type: "button", tabindex: "-1" }, name);
    if (key) {
      const last = key.split("+").at(-1);
      const shortcut = `Control+${key.slice(0, -last.length)}${last.toUpperCase()}`;
      button.setAttribute("aria-keyshortcuts", shortcut);
      button.title = `${name} (${shortcut.replace("Control", "Ctrl")})`;
    }
    button.addEventListener("click", () => act(area));
    return button;
  };

  // One stop for the Tab key; the arrows go from button to button.
  const rove = (bar) => {
    bar.firstElementChild.tabIndex = 0;
    bar.addEventListener("keydown", (event) => {
      const buttons = [...bar.children];
      const here = buttons.indexOf(event.target);
      const places = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 };
      if (!(event.key in places)) return;
      const next = buttons.at(places[event.key] % buttons.length);
      for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
      next.focus();
      event.preventDefault();
    });
  };

  const toolbar = (area) => {
    if (area.dataset.ready || area.id.includes("__prefix__")) return;
    area.dataset.ready = "yes";
    const label = document.querySelector(`label[for="${area.id}"]`)?.textContent.replace(":", "") || "Text";
    const bar = el("div", { class: "toolbar", role: "toolbar", "aria-label": `Formatting: ${label}`, "aria-controls": area.id });
    bar.append(...TOOLS.map((tool) => makeButton(area, tool)));
    rove(bar);
    area.before(bar);
    area.addEventListener("keydown", (event) => {
      // AltGr writes letters in many languages, and reports itself as Ctrl and Alt.
      if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph")) return;
      const tool = TOOLS.find(([, , shortcut]) => shortcut && shortcut === pressed(event));
      if (!tool) return;
      event.preventDefault();
      tool[1](area);
    });
  };

  const areas = () => document.querySelectorAll("textarea[data-markdown]").forEach(toolbar);
  areas();
  document.addEventListener("formset:added", areas);
})();
