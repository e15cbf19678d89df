// Forms on the road: what was sent stays in this page until the server has it, and is sent again with the same number,
// so that it has its effect once. It is kept nowhere else; who closes the page before is asked.
const waiting = [];
let running = false, wake = () => {};

const words = (what) => {
  const place = document.querySelector("[data-sending]");
  if (!place) return;
  place.textContent = what ? place.dataset[what] : "";
  place.hidden = !what;
};

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.dataset.resend) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.set(submitter.name, submitter.value);
  const once = form.elements.once;
  const latest = waiting.findLast((each) => each.key === form.dataset.resend);
  if (latest && said(latest.body) === said(body)) return;
  const label = submitter?.firstChild.textContent ?? "";
  waiting.push({ key: form.dataset.resend, action: form.action, body, label });
  // What is chosen next in the same form is another sending.
  once.value = crypto.randomUUID();
  form.querySelectorAll("[type=password], [autocomplete=one-time-code], [data-passkey]").forEach((each) => (each.value = ""));
  mark();
  run();
});

// Without what differs in every drawing of a form.
function said(body) {
  const copy = new URLSearchParams(body);
  ["csrfmiddlewaretoken", "once"].forEach((name) => copy.delete(name));
  return copy.toString();
}

function mark() {
  for (const form of document.querySelectorAll("[data-resend]")) {
    const note = form.querySelector("[data-waiting]");
    const latest = waiting.findLast((each) => each.key === form.dataset.resend);
    if (!note) continue;
    note.hidden = !latest;
    note.textContent = latest ? `${note.dataset.waiting}: ${latest.label}` : "";
  }
}

async function run() {
  if (running) return;
  running = true;
  for (let pause = 1; waiting.length; ) {
    try {
      if (pause === 1) words("sending");
      await send(waiting[0]);
      pause = 1;
    } catch (why) {
      words(["out", "other"].includes(why) ? why : "waiting");
      await new Promise((go) => setTimeout((wake = go), pause * 1000));
      pause = Math.min(pause * 2, 16);
    }
  }
  running = false;
}

async function send(entry) {
  const answer = await ask(entry.action, { method: "POST", body: entry.body });
  // Covered meanwhile, or asked too often: it waits.
  if (answer.status >= 500 || answer.status === 429 || answer.status === 423) throw answer;
  const page = parse(await answer.text());
  if (answer.ok && !page.querySelector("meta[name=live]")) throw "out";
  if (answer.status === 403 && !entry.renewed) throw await renew(entry);
  waiting.shift();
  if (!answer.ok && !page.querySelector(`[data-resend="${entry.key}"]`)) return hand(entry);
  const elsewhere = answer.redirected && new URL(answer.url).pathname !== location.pathname;
  if (elsewhere && !waiting.length) return location.replace(answer.url);
  show(page, entry.key);
  words(answer.ok ? "saved" : "refused");
  mark();
}

const ask = (address, options) => fetch(address, { ...options, signal: AbortSignal.timeout(20000) });
const me = (page) => page.querySelector("[data-me]")?.dataset.me;
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Whoever signed in anew in another window has another token by now. What one person typed never leaves in the name of
// another, who signed in on the same device.
async function renew(entry) {
  const page = parse(await (await ask(location.pathname)).text());
  if (!me(page)) return "out";
  if (me(page) !== me(document)) return "other";
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  entry.renewed = true;
  if (token) waiting.forEach(({ body }) => body.set("csrfmiddlewaretoken", token));
  return "again";
}

// A refusal that has a page of its own is shown as if there had been no script.
function hand({ action, body }) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action, hidden: true });
  body.forEach((value, name) => form.append(Object.assign(document.createElement("input"), { name, value })));
  document.body.append(form);
  form.submit();
}

// What was answered stands on the page at once; what somebody is typing elsewhere on it stays.
function show(page, key) {
  const own = document.querySelector(`[data-resend="${key}"]`)?.closest("[data-live]")?.dataset.live;
  const focus = document.activeElement?.id;
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    const fields = [...old.querySelectorAll("input, textarea, select")];
    if (!fresh || !old.isConnected) continue;
    if (old.dataset.live !== own && fields.some((each) => isTyped(each, key))) continue;
    old.replaceWith(fresh);
  }
  if (focus) document.getElementById(focus)?.focus();
}

function isTyped({ form, type, value, defaultValue, checked, defaultChecked, options }, key) {
  if (form?.dataset.resend === key || type === "hidden") return false;
  if (options) return [...options].some((each) => each.selected !== each.defaultSelected && each.value);
  return value !== defaultValue || checked !== defaultChecked;
}

addEventListener("online", () => wake());
addEventListener("beforeunload", (event) => waiting.length && !document.documentElement.hidden && event.preventDefault());
