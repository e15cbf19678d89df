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
    if (mine !== latest) return;
    found.replaceChildren(...page.body.childNodes);
    // Back from a file finds this again: the server keeps it under an id that says nothing.
    const kept = answer.headers.get("X-Kept");
    if (kept) history.replaceState(history.state, "", `?kept=${encodeURIComponent(kept)}`);
  } catch {
    // The line is away; the button asks again.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 250);
});
