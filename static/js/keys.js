// Security keys: tells allauth's script which parts of this page it works on.
(() => {
  "use strict";
  const forms = window.allauth.webauthn.forms;
  const ids = { add: "add-key", authenticate: "use-key", credential: "id_credential", data: "js_data" };
  if (document.getElementById(ids.add)) forms.addForm({ ids });
  if (document.getElementById(ids.authenticate)) forms.authenticateForm({ ids });
  for (const form of document.querySelectorAll("[data-key]")) form.hidden = false;

  // Fired when the key was not there, or its owner said no.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("key-problem").textContent =
      "The key did not answer. Please try again, or sign in another way.";
  });
})();
