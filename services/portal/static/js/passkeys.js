// Has the browser make a passkey, or sign with one, and sends what it says. Without this the page says what is needed.
"use strict";

const octets = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const letters = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys = []) => keys.map((key) => ({ ...key, id: octets(key.id) }));
const answered = (made, response) => ({ id: made.id, rawId: letters(made.rawId), type: made.type, response });

const WAYS = {
  async create(options) {
    const user = { ...options.user, id: octets(options.user.id) };
    const publicKey = { ...options, user, challenge: octets(options.challenge), excludeCredentials: listed(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return answered(made, {
      clientDataJSON: letters(made.response.clientDataJSON),
      attestationObject: letters(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    });
  },
  async get(options) {
    const publicKey = { ...options, challenge: octets(options.challenge), allowCredentials: listed(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    return answered(made, {
      clientDataJSON: letters(made.response.clientDataJSON),
      authenticatorData: letters(made.response.authenticatorData),
      signature: letters(made.response.signature),
      userHandle: made.response.userHandle && letters(made.response.userHandle),
    });
  },
};

const SAYS = { InvalidStateError: "known", SecurityError: "impossible", NotSupportedError: "impossible" };

for (const form of document.querySelectorAll("[data-passkey]")) {
  const button = form.querySelector("[data-passkey-go]");
  const news = form.querySelector("[data-passkey-news]");
  const say = (what) => {
    news.hidden = !what;
    for (const line of news.querySelectorAll("[data-passkey-says]")) line.hidden = line.dataset.passkeySays !== what;
  };
  if (!window.PublicKeyCredential) continue;
  form.querySelector("[data-passkey-needs]").hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    say(null);
    try {
      const answer = await WAYS[form.dataset.passkey](JSON.parse(form.dataset.options));
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      button.disabled = false;
      say(SAYS[error.name] ?? "stopped");
    }
  });
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-passkey-go]")) button.disabled = false;
});
