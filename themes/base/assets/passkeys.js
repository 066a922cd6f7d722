// Passkeys: asks the device, and hands its answer over in the form's own field. Whoever has no script, or no passkey, uses a password.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => {
    const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
    return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const wanted = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const one of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) one.id = bytes(one.id);
    return options;
  };

  const answered = (credential) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const given = parts.filter((part) => credential.response[part]);
    const response = Object.fromEntries(given.map((part) => [part, text(credential.response[part])]));
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  const ask = async (form) => {
    const answer = await fetch(form.dataset.ask, { method: "POST", headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  const run = async (form, said) => {
    try {
      const isNew = form.dataset.options !== undefined;
      const publicKey = wanted(isNew ? JSON.parse(form.dataset.options) : await ask(form));
      const credential = await (isNew ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
      form.elements.answer.value = answered(credential);
      form.submit();
    } catch {
      // Why, a browser says in no language of ours: cancelled, too late, no passkey here.
      said.textContent = said.dataset.passkeySaid;
      said.hidden = false;
    }
  };

  // Read before what it shows, so that nothing on the page moves.
  document.documentElement.classList.add("has-passkeys");
  document.addEventListener("DOMContentLoaded", () => {
    const said = document.querySelector("[data-passkey-said]");
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        said.hidden = true;
        run(form, said);
      });
    }
  });
})();
