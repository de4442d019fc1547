// The preview beside the editor, the words it explains, and the page as wide as a phone.
(() => {
  "use strict";
  const { el } = window.her2Editor;
  const PAUSE = 600; // milliseconds without a key
  const NARROW = ":host { display: block; padding: 1rem; } .reading { display: block; } .contents { display: none; }";
  const PHONE = "popup,width=360,height=740";
  const panel = document.getElementById("live-preview");
  if (!panel) return;

  const form = document.getElementById(panel.dataset.form);
  const status = panel.querySelector("[role=status]");
  const sheet = panel.querySelector(".sheet");
  const words = document.getElementById("word-lists");
  const root = sheet.attachShadow({ mode: "open" });
  const page = el("div", { class: "page" });
  root.append(page);

  const styled = (css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  };
  // The site's own style sheet, within the panel only: what it says of :root and of the body
  // holds for the panel here.
  const dress = async () => {
    const css = await (await fetch(panel.dataset.siteCss)).text();
    const own = css.replaceAll(":root", ":host").replace(/^body \{/m, ":host {").replace("min-block-size: 100vh;", "");
    root.adoptedStyleSheets = [styled(own), styled(NARROW)];
  };

  const post = async (what, signal) => {
    const answer = await fetch(`${panel.dataset.url}?${what}`, { method: "POST", body: new FormData(form), signal });
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  };

  let running;
  const render = async () => {
    running?.abort();
    running = new AbortController();
    try {
      page.innerHTML = await post("panel", running.signal); // made safe by the page's own renderer
      words.innerHTML = await post("words", running.signal); // escaped by its template
      status.textContent = "What you have typed, not saved yet or already saved.";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = "The preview could not be drawn. Your text is safe here.";
    }
  };

  root.addEventListener("click", (event) => {
    const href = event.target.closest("a")?.getAttribute("href");
    if (!href) return;
    event.preventDefault();
    if (href.startsWith("#")) root.getElementById(href.slice(1))?.scrollIntoView({ block: "nearest" });
  });
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(render, PAUSE);
  });
  form.addEventListener("focusin", (event) => {
    const key = event.target.closest(".inline-related")?.querySelector("[name$=-key]")?.value;
    const passage = key && root.getElementById(key);
    if (passage) sheet.scrollTop = passage.offsetTop - root.host.offsetTop;
  });
  // The form is then sent into the window of this name; without JavaScript, into a new tab.
  for (const button of document.querySelectorAll("[data-phone]"))
    button.addEventListener("click", () => open("", button.formTarget, PHONE));

  panel.hidden = false;
  dress().then(render);
})();
