// The editor's comforts: a toolbar, a search for sources, a live preview, and a word of warning
// before unsaved text is left. Every form works without them.
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
  const block = (text) => (area) => {
    const { selectionStart: from, selectionEnd: to } = area;
    const before = area.value.slice(0, from);
    const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    insert(area, lead + text.replace("…", selected(area) || "…") + "\n", from, to);
  };

  const box = (name, title) => block(`::: ${name} ${title}\n…\n:::`);
  const TABLE = "| Heading | Heading |\n| --- | --- |\n| … | |";
  const CHANCES = "```chances\nShows: who had it within five years [@key]\nOut of: 100\nWithout treatment: 20\nWith treatment: 12\n```";
  const LINK = /^https?:\/\//;
  const link = (area) => {
    const text = selected(area);
    if (LINK.test(text)) wrap("[what it says](", ")", text)(area);
    else wrap("[", "](https://)", "what it says")(area);
  };

  // (words, what it does, shortcut as `event.key` with Ctrl or Command, Alt)
  const TOOLS = [
    ["Bold", wrap("**", "**", "bold"), "b"],
    ["Link", link, "k"],
    ["List", prefix(() => "- "), ""],
    ["Numbers", prefix((n) => `${n + 1}. `), ""],
    ["Heading", prefix(() => "### "), ""],
    ["Table", block(TABLE), ""],
    ["Cite", (area) => cite(area), "Alt+c"],
    ["Urgent box", box("urgent", "Call your hospital now if"), ""],
    ["Note box", box("note", "Good to know"), ""],
    ["Detail box", box("detail", "More detail"), ""],
    ["Survival box", box("survival", "Figures about survival"), ""],
    ["Chances figure", block(CHANCES), ""],
  ];

  const toolbar = (area) => {
    if (area.dataset.ready || area.id.includes("__prefix__")) return;
    area.dataset.ready = "yes";
    const label = document.querySelector(`label[for="${area.id}"]`)?.textContent.replace(":", "") || "Text";
    const bar = el("div", { class: "toolbar", role: "toolbar", "aria-label": `Formatting: ${label}`, "aria-controls": area.id });
    for (const [name, act, key] of TOOLS) {
      const button = el("button", { type: "button", tabindex: "-1" }, name);
      if (key) {
        const shortcut = key.length === 1 ? `Control+${key.toUpperCase()}` : `Control+Alt+${key.at(-1).toUpperCase()}`;
        button.setAttribute("aria-keyshortcuts", shortcut);
        button.title = `${name} (${shortcut.replace("Control", "Ctrl")})`;
      }
      button.addEventListener("click", () => act(area));
      bar.append(button);
    }
    // One stop for the Tab key; the arrows go from button to button.
    bar.firstElementChild.tabIndex = 0;
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const buttons = [...bar.children];
      const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
      for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
      next.focus();
      event.preventDefault();
    });
    area.before(bar);
    area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      const key = (event.altKey ? "Alt+" : "") + event.key.toLowerCase();
      const tool = TOOLS.find(([, , shortcut]) => shortcut && shortcut === key);
      if (!tool) return;
      event.preventDefault();
      tool[1](area);
    });
  };

  // --- Sources ----------------------------------------------------------------------------------

  const MOST = 30;
  let picker;
  const cite = (area) => {
    picker ??= makePicker();
    picker.open(area);
  };
  const makePicker = () => {
    const sources = [...document.querySelectorAll("#source-keys option")].map((o) => [o.value, o.textContent]);
    const search = el("input", { type: "search", id: "source-search", autocomplete: "off" });
    const list = el("ul");
    const found = el("p", { role: "status", class: "quiet" });
    const close = el("button", { type: "button", class: "button plain" }, "Close");
    const dialog = el("dialog", { class: "picker", "aria-labelledby": "source-label" },
      el("label", { for: "source-search", id: "source-label" }, "Search the sources by key or title"), search, found, list, close);
    document.body.append(dialog);
    let area, from, to;
    const choose = (key) => {
      dialog.close();
      insert(area, `[@${key}]`, from, to);
    };
    const show = () => {
      const words = search.value.toLowerCase().split(/\s+/);
      const hits = sources.filter(([key, title]) => words.every((w) => `${key} ${title}`.toLowerCase().includes(w)));
      found.textContent = hits.length === 1 ? "1 source" : `${hits.length} sources`;
      list.replaceChildren(...hits.slice(0, MOST).map(([key, title]) => {
        const button = el("button", { type: "button" }, el("strong", {}, key), ` ${title}`);
        button.addEventListener("click", () => choose(key));
        return el("li", {}, button);
      }));
    };
    search.addEventListener("input", show);
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      list.querySelector("button")?.click();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => area.focus());
    return {
      open(target) {
        area = target;
        ({ selectionStart: from, selectionEnd: to } = area);
        search.value = "";
        show();
        dialog.showModal();
      },
    };
  };

  // --- Live preview -----------------------------------------------------------------------------

  const PAUSE = 600; // milliseconds without a key
  const NARROW = ":host { display: block; padding: 1rem; } .reading { display: block; } .contents { display: none; }";
  const preview = async (panel) => {
    const form = document.getElementById(panel.dataset.form);
    const status = panel.querySelector("[role=status]");
    const root = panel.querySelector(".sheet").attachShadow({ mode: "open" });
    const page = el("div", { class: "page" });
    root.append(page);
    // The site's own style sheet, within the panel only: what it says of :root and of the body
    // holds for the panel here.
    const css = await (await fetch(document.querySelector("[data-site-css]").dataset.siteCss)).text();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css.replaceAll(":root", ":host").replace(/^body \{/m, ":host {").replace("min-block-size: 100vh;", ""));
    const narrow = new CSSStyleSheet();
    narrow.replaceSync(NARROW);
    root.adoptedStyleSheets = [sheet, narrow];
    root.addEventListener("click", (event) => {
      const href = event.target.closest("a")?.getAttribute("href");
      if (!href) return;
      event.preventDefault();
      if (href.startsWith("#")) root.getElementById(href.slice(1))?.scrollIntoView({ block: "nearest" });
    });
    let running;
    const render = async () => {
      running?.abort();
      running = new AbortController();
      try {
        const answer = await fetch(panel.dataset.url, { method: "POST", body: new FormData(form), signal: running.signal });
        if (!answer.ok) throw new Error(answer.status);
        page.innerHTML = await answer.text(); // made safe by the page's own renderer
        status.textContent = "What you have typed, not saved yet or already saved.";
      } catch (error) {
        if (error.name !== "AbortError") status.textContent = "The preview could not be drawn. Your text is safe here.";
      }
    };
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(render, PAUSE);
    });
    form.addEventListener("focusin", (event) => {
      const key = event.target.closest(".inline-related")?.querySelector("[name$=-key]")?.value;
      const passage = key && root.getElementById(key);
      if (passage) panel.querySelector(".sheet").scrollTop = passage.offsetTop - root.host.offsetTop;
    });
    panel.hidden = false;
    render();
  };

  // --- Forms ------------------------------------------------------------------------------------

  const takeTheirs = (button) => {
    const field = document.getElementById(button.dataset.take);
    if (!field || field.multiple) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (field.type === "checkbox") field.checked = button.dataset.value === "on";
      else field.value = button.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
  };

  const warnBeforeLeaving = (form) => {
    let unsaved = false;
    form.addEventListener("input", () => (unsaved = true));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget !== "_blank") unsaved = false;
    });
    addEventListener("beforeunload", (event) => {
      if (unsaved) event.preventDefault();
    });
  };

  // Django's search-and-choose fields (select2) come without names for screen readers.
  const nameChoosers = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const words = document.querySelector(`label[for="${select.id}"]`)?.textContent.replace(":", "").trim();
      const made = select.nextElementSibling;
      if (!words || !made?.matches(".select2")) continue;
      made.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", words);
      made.querySelector(".select2-search__field")?.setAttribute("aria-label", words);
      made.querySelector(".select2-selection--single")?.setAttribute("aria-label", `${words}: ${select.selectedOptions[0]?.text.trim() || "nothing chosen"}`);
      made.querySelector("ul")?.setAttribute("role", "presentation");
    }
  };

  const ready = () => {
    const areas = () => document.querySelectorAll("textarea[data-markdown]").forEach(toolbar);
    areas();
    document.addEventListener("formset:added", areas);
    // After Django's own scripts, which wait for the page too.
    addEventListener("load", () => setTimeout(nameChoosers));
    for (const news of ["formset:added", "change"]) document.addEventListener(news, () => setTimeout(nameChoosers));
    document.querySelectorAll("[data-take]").forEach(takeTheirs);
    const token = document.querySelector("input[name=token]");
    if (token?.form.id.endsWith("version_form")) warnBeforeLeaving(token.form);
    const panel = document.getElementById("live-preview");
    if (panel) preview(panel);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready);
  else ready();
})();
