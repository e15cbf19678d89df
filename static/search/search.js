// Asks while somebody types. The answer takes the place of what was found before; without script the button does.
const form = document.querySelector("form[data-search]");
const found = document.querySelector("[data-found]");
let timer, latest = 0;

async function ask() {
  const mine = ++latest;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Live": "1" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === latest) found.replaceChildren(...page.body.childNodes);
  } catch {
    // The line is away; the button asks again.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 250);
});
