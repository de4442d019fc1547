// The editor's dialogs: a source, a picture, a figure of chances. Each asks the server what there
// is; the marks that they write can be typed as well.
(() => {
  "use strict";
  const editor = window.her2Editor;
  const { el } = editor;
  const PAUSE = 200; // milliseconds without a key
  const urls = document.getElementById("editor-urls")?.dataset;
  if (!urls) return;

  const ask = async (url, values, signal) => {
    const answer = await fetch(`${url}?${new URLSearchParams(values)}`, { signal });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  const field = (id, label, attributes = {}, help = "") => {
    const input = el("input", { id, autocomplete: "off", ...attributes });
    const parts = [el("label", { for: id }, label)];
    if (help) {
      input.setAttribute("aria-describedby", `${id}-help`);
      parts.push(el("p", { class: "help", id: `${id}-help` }, help));
    }
    return [input, el("div", { class: "asked" }, ...parts, input)];
  };

  const makeDialog = (id, title, ...children) => {
    const close = el("button", { type: "button", class: "button plain" }, "Close");
    const heading = el("h2", { id: `${id}-title` }, title);
    const dialog = el("dialog", { class: "picker", id, "aria-labelledby": `${id}-title` }, heading, ...children, close);
    close.addEventListener("click", () => dialog.close());
    document.querySelector(".content").append(dialog);
    return dialog;
  };

  // A search field whose hits come from the server. `line` makes the button of one.
  const makeSearch = (id, label, url, line) => {
    const [input, row] = field(id, label, { type: "search" });
    const status = el("p", { role: "status", class: "quiet" });
    const list = el("ul");
    let timer, running, coming;
    const show = async () => {
      running?.abort();
      running = new AbortController();
      try {
        const { found, count } = await ask(url, { q: input.value }, running.signal);
        const rest = count > found.length ? `, the first ${found.length} are shown` : "";
        status.textContent = count === 1 ? "1 found" : `${count} found${rest}`;
        list.replaceChildren(...found.map((one) => el("li", {}, line(one))));
      } catch (error) {
        if (error.name === "AbortError") return;
        status.textContent = "The list could not be read. Are you still signed in?";
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      coming = new Promise((done) => (timer = setTimeout(() => done(show()), PAUSE)));
    });
    input.addEventListener("keydown", async (event) => {
      if (event.key === "ArrowDown") list.querySelector("button")?.focus();
      if (event.key !== "Enter") return;
      event.preventDefault();
      await coming;
      list.querySelector("button")?.click();
    });
    const open = () => {
      input.value = "";
      list.replaceChildren();
      coming = show();
      input.focus();
    };
    return { parts: [row, status, list], open };
  };

  // Where the marks go: the textarea and what was selected in it when the dialog opened.
  const placeIn = (area) => {
    const { selectionStart: from, selectionEnd: to } = area;
    return {
      insert: (text) => editor.insert(area, text, from, to),
      insertBlock: (text) => editor.insertBlock(area, text, from, to),
      back: () => area.focus(),
    };
  };

  // --- Sources ----------------------------------------------------------------------------------

  const makeSources = () => {
    let choose;
    const [locator, row] = field("source-locator", "Where in it (optional)", {}, "For instance p. 784");
    const search = makeSearch("source-search", "Search the sources by author, title, year or key", urls.sources, (one) => {
      const button = el("button", { type: "button" }, el("strong", {}, one.key), ` ${one.text}`);
      if (one.warning) button.append(" ", el("strong", { class: "warned" }, `${one.warning}.`));
      button.addEventListener("click", () => {
        dialog.close();
        // What would end the citation early is not part of it.
        choose(one.key, locator.value.replace(/[[\];@]/g, "").trim());
      });
      return button;
    });
    const [input, ...results] = search.parts;
    const dialog = makeDialog("source-picker", "Cite a source", input, row, ...results);
    return {
      dialog,
      open(use, hasLocator) {
        choose = use;
        locator.value = "";
        row.hidden = !hasLocator;
        dialog.showModal();
        search.open();
      },
    };
  };
  let sources;
  editor.cite = (area) => {
    const place = placeIn(area);
    sources ??= makeSources();
    sources.dialog.addEventListener("close", place.back, { once: true });
    sources.open((key, where) => place.insert(where ? `[@${key}, ${where}]` : `[@${key}]`), true);
  };

  // --- Pictures ---------------------------------------------------------------------------------

  const NEITHER = "Say what the picture shows, or that it only decorates the page.";
  const BOTH = "A picture that only decorates has no description. Take one of the two away.";

  const makePictures = () => {
    let place, chosen;
    const [alt, altRow] = field("picture-alt", "What the picture shows", {}, "Read aloud to those who do not see it.");
    const decorates = el("input", { type: "checkbox", id: "picture-decorates" });
    const fault = el("p", { role: "alert", class: "fault" });
    const insert = el("button", { type: "button", class: "button" }, "Insert picture");
    const search = makeSearch("picture-search", "Search the pictures by title or credit", urls.pictures, (one) => {
      const picture = el("img", { src: one.url, alt: "", loading: "lazy", class: "thumbnail" });
      const words = one.credit ? `${one.title} – ${one.credit}` : one.title;
      const button = el("button", { type: "button", "aria-pressed": "false" }, picture, words);
      button.addEventListener("click", () => {
        chosen = one.id;
        for (const other of dialog.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", other === button);
        alt.focus();
      });
      return button;
    });
    insert.addEventListener("click", () => {
      const words = alt.value.replace(/[[\]\\\n]/g, " ").trim();
      if (chosen === undefined) fault.textContent = "Choose a picture.";
      else if (!words && !decorates.checked) fault.textContent = NEITHER;
      else if (words && decorates.checked) fault.textContent = BOTH;
      else {
        dialog.close();
        place.insertBlock(words ? `![${words}](image:${chosen})` : `![](image:${chosen} "decorative")`);
      }
    });
    const only = el("label", { class: "choice" }, decorates, " It only decorates the page");
    const dialog = makeDialog("picture-picker", "Put in a picture", ...search.parts, altRow, only, fault, insert);
    dialog.addEventListener("close", () => place.back());
    return (area) => {
      place = placeIn(area);
      chosen = undefined;
      decorates.checked = false;
      alt.value = fault.textContent = "";
      dialog.showModal();
      search.open();
    };
  };
  let pictures;
  editor.picture = (area) => (pictures ??= makePictures())(area);

  // --- Chances ----------------------------------------------------------------------------------

  const makeChances = () => {
    let place, block, running;
    const number = { inputmode: "numeric", size: "5" };
    const rows = {
      shows: field("chances-shows", "What is counted", {}, "For instance: women whose cancer came back within five years"),
      source: field("chances-source", "Key of its source"),
      of: field("chances-of", "Out of", { ...number, value: "100" }, "The same for both groups: 100, or 1000 when a number is below 1 in 100."),
      first: field("chances-first", "First group", { value: "Without treatment" }),
      first_count: field("chances-first-count", "How many of the first group", number),
      second: field("chances-second", "Second group", { value: "With treatment" }),
      second_count: field("chances-second-count", "How many of the second group", number),
    };
    const inputs = Object.entries(rows).map(([name, [input]]) => [name, input]);
    const says = el("p", { role: "status", class: "says" });
    const insert = el("button", { type: "button", class: "button" }, "Insert figure");
    const search = el("button", { type: "button", class: "button plain" }, "Search the sources");
    rows.source[1].append(" ", search);
    search.addEventListener("click", () => {
      sources ??= makeSources();
      sources.open((key) => {
        rows.source[0].value = key;
        show();
      }, false);
    });
    const show = async () => {
      running?.abort();
      running = new AbortController();
      const values = Object.fromEntries(inputs.map(([name, input]) => [name, input.value]));
      try {
        const answer = await ask(urls.chances, values, running.signal);
        block = answer.block;
        says.textContent = answer.fault ?? `The page will say: ${answer.says}`;
      } catch (error) {
        if (error.name === "AbortError") return;
        says.textContent = "The figure could not be checked. Are you still signed in?";
      }
    };
    insert.addEventListener("click", async () => {
      await show();
      if (!block) return;
      dialog.close();
      place.insertBlock(block);
    });
    const dialog = makeDialog("chances-maker", "Draw chances", ...Object.values(rows).map(([, row]) => row), says, insert);
    dialog.addEventListener("input", show);
    dialog.addEventListener("close", () => place.back());
    return (area) => {
      place = placeIn(area);
      block = undefined;
      says.textContent = "";
      for (const [, input] of inputs) input.value = input.defaultValue;
      dialog.showModal();
      rows.shows[0].focus();
    };
  };
  let chances;
  editor.chances = (area) => (chances ??= makeChances())(area);
})();
