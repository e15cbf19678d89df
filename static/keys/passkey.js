// Passkeys: the browser is asked, its answer goes into the form's hidden field, and the form is sent.
// Browsers offer them to names with a secure connection only, so what would not work is not shown.
const works = "PublicKeyCredential" in window && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt());
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const listed = (each) => ({ ...each, id: bytes(each.id) });

function read(options) {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) if (key[name]) key[name] = key[name].map(listed);
  return { publicKey: key };
}

function written({ id, rawId, type, response }, extensions) {
  const answer = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) answer[name] = text(response[name]);
  return JSON.stringify({ id, rawId: text(rawId), type, response: answer, clientExtensionResults: extensions });
}

async function use(button) {
  const words = button.parentElement.querySelector("[data-key-words]");
  words.textContent = "";
  try {
    const { usePasskey: way, ask } = button.dataset;
    const options = ask ? await (await fetch(ask)).json() : JSON.parse(button.dataset.options);
    const made = await navigator.credentials[way](read(options.publicKey));
    const { id, rawId, type, response } = made;
    const form = button.form;
    form.querySelector("[data-passkey]").value = written(
      { id, rawId, type, response },
      made.getClientExtensionResults(),
    );
    form.requestSubmit();
  } catch {
    words.textContent = button.dataset.failed;
  }
}

if (works) document.querySelectorAll("form[data-keys][hidden]").forEach((form) => (form.hidden = false));
else document.querySelectorAll("[data-use-passkey]").forEach((button) => (button.hidden = true));
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-use-passkey]");
  if (button) use(button);
});
