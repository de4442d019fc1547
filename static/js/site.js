// Small comforts. Every page works without them.
(() => {
  "use strict";
  const all = (what) => document.querySelectorAll(what);

  // After a form was sent, read on where the answer is.
  const news = document.getElementById("error-summary") || document.getElementById("feedback");
  if (news) news.focus();

  // Send once. The button stays enabled, so that its name and value are sent too.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else event.target.dataset.sent = "yes";
  });
  // A page that the Back button brings out of memory may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // A search that found nothing is counted. Asking alone changes nothing, so it is sent.
  const missed = document.getElementById("missed");
  if (missed && navigator.sendBeacon(missed.action, new FormData(missed)))
    missed.querySelector("button").replaceWith(missed.dataset.thanks);

  // Who signs out leaves no copy of an unsaved draft on the device (unsaved.js makes them).
  if (location.pathname.endsWith("/account/logout/"))
    document.addEventListener("submit", () => {
      for (const name of Object.keys(localStorage)) if (name.startsWith("draft-")) localStorage.removeItem(name);
    });

  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // Paper cannot unfold anything: open the details, but never figures about survival.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...all("details.more:not([open])")];
    for (const details of opened) details.open = true;
    for (const place of all("[data-printed-on]"))
      place.textContent =
        "Printed on " + new Date().toLocaleDateString("en-GB", { dateStyle: "long" }) + " from " + location.host + ". ";
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
