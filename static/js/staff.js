// Comforts of every staff page: a button that copies, a word of warning before unsaved text is left,
// names for screen readers, and the copies of unsaved text (unsaved.js) that have to go. Every form
// works without.
(() => {
  "use strict";
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

  // Browsers let pages at https and on this computer write to the clipboard, and no others.
  const copyOnPress = (button) => {
    const field = document.getElementById(button.dataset.copy);
    const status = button.nextElementSibling;
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = "";
      try {
        await navigator.clipboard.writeText(field.value);
        status.textContent = "Copied.";
      } catch {
        field.select();
        status.textContent = "The browser did not let it be copied. It is marked: copy it with the keyboard.";
      }
    });
  };

  const warnBeforeLeaving = (form) => {
    // A form that comes back with errors holds what nobody has stored.
    let unsaved = Boolean(document.querySelector(".errornote"));
    form.addEventListener("input", () => (unsaved = true));
    form.addEventListener("submit", (event) => {
      if (!event.submitter?.formTarget) unsaved = false;
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

  // --- Copies of unsaved text ---------------------------------------------------------------------

  const COPY = "draft-"; // with which their names begin
  const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // milliseconds
  const copies = () => Object.keys(localStorage).filter((name) => name.startsWith(COPY));
  const savedAt = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name)).at;
    } catch {
      return 0;
    }
  };
  const tidyCopies = () => {
    for (const name of copies()) if (!(savedAt(name) > Date.now() - KEPT_FOR)) localStorage.removeItem(name);
    // Saved and closed: the form was sent, and led to another page that says so.
    const sent = JSON.parse(sessionStorage.getItem("sent-draft") ?? "null");
    if (!sent || sent.path === location.pathname) return;
    const cameFrom = document.referrer && new URL(document.referrer).pathname;
    if (cameFrom === sent.path && document.querySelector(".messagelist .success")) localStorage.removeItem(sent.name);
    sessionStorage.removeItem("sent-draft");
  };
  // Colleagues share computers.
  const forgetOnSigningOut = () => {
    document.getElementById("logout-form")?.addEventListener("submit", () => {
      for (const name of copies()) localStorage.removeItem(name);
      sessionStorage.clear();
    });
  };

  const ready = () => {
    tidyCopies();
    forgetOnSigningOut();
    // After Django's own scripts, which wait for the page too.
    addEventListener("load", () => setTimeout(nameChoosers));
    for (const news of ["formset:added", "change"]) document.addEventListener(news, () => setTimeout(nameChoosers));
    document.querySelectorAll("[data-take]").forEach(takeTheirs);
    document.querySelectorAll("[data-copy]").forEach(copyOnPress);
    const token = document.querySelector("input[name=token]");
    if (token?.form.id.endsWith("version_form")) warnBeforeLeaving(token.form);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", ready);
  else ready();
})();
