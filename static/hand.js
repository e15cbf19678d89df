// For the hand: what is typed is kept on the server within seconds, and single keys lead around. Nothing is kept in the
// browser: what has not reached the server yet stands in its form, and nowhere else.
const kit = document.querySelector("[data-drafts]");
const QUIET = 1000, LONGEST = 3000, MOST_ON_LEAVING = 60000;
const UNTYPED = ["csrfmiddlewaretoken", "once"];
// Of the state that the form showed, which may be another one by now: then the server asks.
const CARRIED = ["seen", "shown"];
const kept = new Map(), drawn = new Map(), freed = new WeakSet();
// Which opened page says it: an older word that arrives later is no news, and another page may go on with the same draft.
const seat = crypto.randomUUID();

const to = (form) => new URL(form.getAttribute("action") || location, location);
const where = (form) => to(form).pathname + to(form).search;
const isKept = (form) => kit && form?.elements.once && form.method === "post";

function typed(form) {
  const secret = [...form.querySelectorAll("[type=password], [autocomplete=one-time-code], [data-passkey]")];
  const skipped = new Set([...UNTYPED, ...secret.map(({ name }) => name)]);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skipped.has(name));
}

function touched(form) {
  if (!isKept(form)) return;
  if (!kept.has(form)) kept.set(form, { wait: 1, instead: refusedHere(form) });
  const state = kept.get(form);
  state.since ??= Date.now();
  say(form, state, "typed");
  clearTimeout(state.timer);
  state.timer = setTimeout(() => keep(form), Math.max(0, Math.min(QUIET, state.since + LONGEST - Date.now())));
}

// Sent before under this number, and refused or only looked at: it is the same draft.
const refusedHere = (form) => (to(form).pathname === location.pathname && form.querySelector(".errors, [aria-invalid], .answers") ? kit.dataset.refused : "");

async function keep(form, leaving = false) {
  const state = kept.get(form);
  if (!state?.since || (state.saving && !leaving)) return;
  clearTimeout(state.timer);
  const began = state.since;
  const body = JSON.stringify({
    ticket: kit.dataset.drafts, action: where(form), number: form.elements.once.value, instead: state.instead,
    title: document.title.replace(/ · [^·]*$/, ""), query: location.search, fields: typed(form), turn: [seat, (state.turn = (state.turn ?? 0) + 1)],
  });
  Object.assign(state, { since: null, saving: true });
  say(form, state, "saving");
  try {
    const answer = await fetch(kit.dataset.to, {
      method: "POST", body, keepalive: leaving && new Blob([body]).size < MOST_ON_LEAVING,
      headers: { "Content-Type": "text/plain", "X-Live": "1" }, signal: AbortSignal.timeout(10000),
    });
    state.cut = false;
    // Sent by this page; another window may have sent it as well.
    if (kept.get(form) !== state) return;
    // Both are kept: what is typed here goes on as a draft of its own.
    if (answer.status === 412) {
      form.elements.once.value = crypto.randomUUID();
      Object.assign(state, { turn: 0, instead: "", saving: false });
      return touched(form);
    }
    if ([409, 410, 413, 422].includes(answer.status)) return say(form, state, "lost");
    if (!answer.ok) throw answer;
    state.wait = 1;
    state.saving = false;
    if (state.since) return touched(form);
    say(form, state, "saved", (await answer.json()).at);
  } catch (why) {
    state.cut = !why.status;
    state.since ??= began;
    say(form, state, "here");
    state.timer = setTimeout(() => keep(form), state.wait * 1000);
    state.wait = Math.min(state.wait * 2, 8);
  } finally {
    state.saving = false;
  }
}

const keepAll = (leaving) => { for (const form of kept.keys()) if (form.isConnected) keep(form, leaving); };

function say(form, state, what, at = "") {
  if (!state.words?.isConnected) {
    state.words = Object.assign(document.createElement("p"), { className: "soft kept-words" });
    state.words.setAttribute("role", "status");
    form.append(state.words);
  }
  state.words.classList.toggle("late-t", what === "here" || what === "lost");
  // Read out when it matters: that it is kept, or that it cannot be.
  const words = kit.dataset[what].replace("{time}", at);
  if (state.words.textContent !== words) state.words.textContent = words;
}

// What was kept stands in its form again, under its own number: whoever sent it without hearing of it saves it once.
function takeUp(notice) {
  const { action, number, fields } = JSON.parse(notice.querySelector("template").content.textContent);
  const form = [...document.forms].find((each) => isKept(each) && where(each) === action && fits(each, fields));
  if (!form || kept.has(form)) return;
  fill(form, fields);
  form.elements.once.value = number;
  kept.set(form, { wait: 1 });
  drawn.set(notice, form);
  notice.querySelector("[data-take-up]").remove();
  notice.querySelector("[data-filled]").hidden = false;
  notice.querySelector("[data-files]").hidden = !form.querySelector("[type=file]");
}

const named = (form, name) => [...form.elements].filter((each) => each.name === name);

function fits(form, fields) {
  return fields.every(([name, value]) => {
    const found = named(form, name);
    return CARRIED.includes(name) || (found.length && (found[0].type !== "hidden" || found.some((each) => each.value === value)));
  });
}

function fill(form, fields) {
  const values = (name) => fields.filter(([each]) => each === name).map(([, value]) => value);
  for (const each of form.elements)
    if (["checkbox", "radio"].includes(each.type)) each.checked = values(each.name).includes(each.value);
  for (const name of new Set(fields.map(([name]) => name))) {
    const boxes = named(form, name).filter(({ type }) => !["checkbox", "radio", "file", "submit"].includes(type));
    values(name).forEach((value, place) => put(boxes, place, value));
  }
}

function put(boxes, place, value) {
  const last = boxes.at(-1);
  if (last?.multiple) return [...last.options].filter((each) => each.value === value).forEach((each) => (each.selected = true));
  // One more answer than there are boxes.
  if (last && !boxes[place]) boxes.push(last.parentNode.appendChild(last.cloneNode(true)));
  if (boxes[place]) boxes[place].value = value;
}

// Else a browser writes what is typed to its own disk, to offer it again.
for (const form of document.forms) if (!form.hasAttribute("autocomplete")) form.autocomplete = "off";
for (const kind of ["input", "change"]) addEventListener(kind, ({ target }) => touched(target.form));
// On its way: once it is saved, the server forgets the draft and takes no other of this number.
addEventListener("submit", (event) => {
  const { target: form, submitter } = event, state = kept.get(form);
  // What is thrown away is not kept again on leaving.
  kept.delete(drawn.get(form.closest("[data-draft]")));
  if (!state) return void first(event);
  // Without a connection the browser would leave for a page of its own, and what was typed would be gone.
  if ((state.cut || !navigator.onLine) && !form.dataset.resend) return event.preventDefault(), void sendKept(form, state, submitter);
  keep(form, true);
  kept.delete(form);
}, true);

// Another form that leads to a page, such as the one for the language: that page shows what was typed on this one.
const STAYS = "[data-leave], [data-cover-now], [data-resend], dialog form";
async function first(event) {
  const { target: form, submitter } = event, waiting = [...kept].filter(([each, { since, saving }]) => each.isConnected && (since || saving));
  if (!waiting.length || freed.has(form) || form.method !== "post" || form.matches(STAYS)) return;
  event.preventDefault();
  event.stopPropagation();
  freed.add(form);
  waiting.forEach(([, state]) => (state.since ??= Date.now()));
  await Promise.race([Promise.all(waiting.map(([each]) => keep(each, true))), new Promise((wake) => setTimeout(wake, 2000))]);
  form.requestSubmit(submitter);
  freed.delete(form);
}

// Tried at once: who presses it has perhaps just come back to where there is a line.
async function sendKept(form, state, submitter) {
  state.since ??= Date.now();
  state.cut = true;
  await keep(form);
  if (!state.cut && kept.get(form) === state) form.requestSubmit(submitter);
}
addEventListener("pagehide", () => keepAll(true));
addEventListener("covered", () => keepAll(true));
addEventListener("online", () => keepAll());
// Not on the quick way out, where nothing may be asked.
addEventListener("beforeunload", (event) => !document.documentElement.hidden && [...kept.values()].some(({ since, wait }) => since && wait > 1) && event.preventDefault());
document.addEventListener("visibilitychange", () => document.hidden && keepAll(true));
document.querySelectorAll("[data-draft]").forEach(takeUp);
// An answer to a form holds what was typed, and nobody has kept it under its new number.
if (kit?.dataset.refused) for (const form of document.forms) if (isKept(form) && refusedHere(form)) touched(form);

// Keys. A row is whatever stands in a list and leads somewhere.
const ROWS = "main :is(.rows > li, .list tbody tr, .day-item, .time > li, .loads > li)";
const help = document.querySelector(".keys-help");
const isTyping = ({ target }) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function step(by) {
  const links = [...document.querySelectorAll(ROWS)].map((row) => row.querySelector("a[href], button, summary")).filter((each) => each?.getClientRects().length);
  const at = links.findIndex((each) => each.closest(ROWS)?.contains(document.activeElement));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const does = {
  "/": () => {
    const field = document.querySelector("main [type=search]");
    if (field) return field.focus();
    if (help.dataset.search) location.assign(help.dataset.search);
  },
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("[data-key-n]")?.click(),
  "?": () => help.showModal(),
};

// On a keyboard of another script, what stands in the same place.
const PLACES = { KeyJ: "j", KeyK: "k", KeyN: "n", Slash: "/" };
function latin({ key, code, shiftKey }) {
  if (code === "Slash" && (key === "." || key === ",")) return shiftKey ? "?" : "/";
  return key > "\x7f" ? PLACES[code] : "";
}

addEventListener("keydown", (event) => {
  if (!help || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
  if (document.querySelector("dialog[open]") || !("single" in help.dataset)) return;
  const act = does[event.key] ?? does[latin(event)];
  if (!act) return;
  event.preventDefault();
  act();
});
document.querySelectorAll("[data-show-keys]").forEach((each) => each.addEventListener("click", () => help.showModal()));
