// Keeps an open page up to date: the socket says that something changed, and the page asks for itself again.
const sleep = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1000));
const tokensOf = (page) => page.querySelector('meta[name="live"]')?.content.split(" ");
// Kind and id; what follows differs in every answer.
const topicsOf = (tokens) => tokens.map((token) => token.split(":", 2).join()).join();

let tokens = tokensOf(document);
let socket, wait = 0, asking = false, missed = false, held = false, left = false, wakers = [];

// By GET, also where a form was sent to this address.
function leave() {
  left = true;
  location.replace(location.pathname + location.search);
}

function longer() {
  wait = Math.min(wait * 2 || 1, 60);
  return wait * (0.5 + Math.random() / 2);
}

function say(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
}

const join = () => say({ listen: tokens, here: !document.hidden });

function connect() {
  if (left) return;
  let heard = false;
  socket = new WebSocket(location.origin.replace("http", "ws") + "/live/");
  socket.onopen = () => (cut(false), join());
  socket.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    heard = true;
    wait = 0;
    // A page that was shown just now may be shown: it would leave for itself, again and again.
    if (said.gone) performance.now() < 5000 ? refresh() : leave();
    if (said.changed) refresh();
  };
  socket.onclose = async ({ code }) => {
    // May this page still be shown? It can tell.
    if (!heard || code > 4000) await refresh();
    if (left) return;
    const pause = longer();
    if (pause > 2) cut(true);
    await rest(pause);
    connect();
  };
}

async function refresh() {
  missed = true;
  if (asking) return;
  asking = true;
  while (missed && !document.hidden && !left) {
    // A write changes several things at once: one look for all of them.
    await sleep(0.05);
    missed = false;
    try {
      await take(await fetch(location.pathname + location.search, { headers: { "X-Live": "1" } }));
      cut(false);
    } catch (why) {
      missed = true;
      if (!why.status) cut(true);
      await rest(longer());
    }
  }
  asking = false;
}

// Said where everybody sees it, and taken back as soon as something came through.
function cut(is) {
  is ||= !navigator.onLine;
  const words = document.querySelector("[data-cut]");
  if (words.hidden !== is) return;
  words.hidden = !is;
  if (is) words.querySelector("p").textContent = words.dataset.cut;
}

// Until the time is over, or the line is back.
const rest = (seconds) => Promise.race([sleep(seconds), new Promise((wake) => wakers.push(wake))]);

function tryAgain() {
  wait = 0;
  wakers.splice(0).forEach((wake) => wake());
  refresh();
}

async function take(answer) {
  if (answer.status === 423) return cover();
  if (answer.status === 403 || answer.status === 404) return leave();
  if (!answer.ok) throw answer;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = tokensOf(page);
  if (!fresh) return leave(); // Signed out.
  // Led to another page.
  if (new URL(answer.url).pathname !== location.pathname) return;
  await pressing;
  const others = topicsOf(fresh) !== topicsOf(tokens);
  tokens = fresh;
  if (others) join();
  if (replace(page)) {
    const status = document.querySelector("[data-live-words]");
    status.textContent = status.dataset.liveWords;
  }
}

// Exchanged is the smallest piece that differs, of the page and of what stands outside of it. A form, a dialog and the
// innermost part that bears data-live are exchanged as a whole; what somebody is at stays as it is, and the rest changes
// around it.
const WHOLE = "form, dialog, [data-live]:not(:has([data-live]))", FIELDS = "input, textarea, select";
const isIn = (node, inUse) => inUse.some((each) => node.contains(each));
const isBegun = (node) => [...node.querySelectorAll(FIELDS)].some(isEdited);

function replace(page) {
  held = false;
  const inUse = used();
  const exchanged = [...document.querySelectorAll("[data-page], [data-live]:not([data-page] *)")].map((old) => {
    const fresh = page.querySelector(old.dataset.live ? `[data-live="${old.dataset.live}"]` : "[data-page]");
    return fresh && exchange(old, fresh, inUse);
  });
  return exchanged.some(Boolean);
}

// What somebody has begun to fill in, has opened, or stands on.
function used() {
  const begun = [...document.querySelectorAll(FIELDS)].filter(isEdited), focus = document.activeElement;
  const found = [...begun, ...begun.map((each) => each.form).filter(Boolean), ...document.querySelectorAll("dialog[open]")];
  if (focus && focus !== document.body && !focus.matches("[data-page]")) found.push(focus);
  return found.map((each) => each.closest("[data-live]") ?? each.closest(WHOLE) ?? each);
}

function exchange(old, fresh, inUse) {
  if (bare(old) === bare(fresh)) return false;
  const isUsed = isIn(old, inUse), isPage = old === document.querySelector("[data-page]");
  const goesIn = old.nodeType === 1 && old.nodeName === fresh.nodeName && !inUse.includes(old) && !old.matches(WHOLE);
  if (isPage || (goesIn && (isUsed || shell(old) === shell(fresh)))) return within(old, fresh, inUse);
  return isUsed ? later(old) : put([old], [fresh], old.parentNode, old.nextSibling);
}

function within(parent, other, inUse) {
  const mine = [...parent.childNodes], theirs = [...other.childNodes];
  const same = (one, two) => one && two && bare(one) === bare(two);
  let next = null, changed = false;
  while (same(mine[0], theirs[0])) mine.shift(), theirs.shift();
  while (same(mine.at(-1), theirs.at(-1))) (next = mine.pop()), theirs.pop();
  const kept = mine.filter((each) => isIn(each, inUse));
  const places = kept.map((each) => placeOf(each, mine, theirs, inUse));
  if (places.some((place, at) => place < 0 || place <= places[at - 1])) return later(parent);
  for (let at = 0, begin = 0, from = 0; at <= kept.length; at++) {
    const end = at < kept.length ? mine.indexOf(kept[at]) : mine.length, to = places[at] ?? theirs.length;
    const old = mine.slice(begin, end), fresh = theirs.slice(from, to);
    if (old.length === fresh.length) changed = old.map((each, place) => exchange(each, fresh[place], inUse)).some(Boolean) || changed;
    else changed = put(old, fresh, parent, kept[at] ?? next);
    if (at < kept.length) changed = exchange(kept[at], theirs[to], inUse) || changed;
    [begin, from] = [end + 1, to + 1];
  }
  return changed;
}

// Where what is in use stands among what has come: the same form, link or part.
function placeOf(child, mine, theirs, inUse) {
  const sought = inUse.find((each) => child.contains(each));
  const sign = (each) => each.id || each.dataset.live || each.getAttribute("action") || each.getAttribute("href") || each.name || each.textContent;
  const holds = (node) => node.nodeType === 1 && [node, ...node.querySelectorAll(sought.localName)].some((each) => each.localName === sought.localName && sign(each) === sign(sought));
  const [old, fresh] = [mine.filter(holds), theirs.filter(holds)];
  return old.length === fresh.length ? theirs.indexOf(fresh[old.indexOf(child)]) : -1;
}

// What is exchanged under a finger gets no click.
let pressing = null;
addEventListener("pointerdown", () => {
  pressing = new Promise((done) => {
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => setTimeout(done), { once: true });
    setTimeout(done, 3000);
  });
}, true);

// As soon as it is left; what is being typed is sent from there.
function later(node) {
  held ||= !isBegun(node);
  return false;
}

function put(mine, theirs, parent, next) {
  const folds = (nodes) => nodes.filter(({ nodeType }) => nodeType === 1).flatMap((each) => [each, ...each.querySelectorAll("details")]).filter((each) => each.localName === "details");
  const title = (each) => each.querySelector("summary")?.textContent, old = folds(mine);
  folds(theirs).forEach((each, place) => (each.open ||= (old.find((one) => title(one) === title(each)) ?? old[place])?.open));
  mine.forEach((each) => each.remove());
  theirs.forEach((each) => parent.insertBefore(each, next));
  return true;
}

const shell = (element) => element.cloneNode(false).outerHTML;

const SAYING = "[data-sending], [data-waiting]";

// Without what differs in every answer or was unfolded.
function bare(node) {
  if (node.nodeType !== 1) return node.nodeValue;
  const copy = node.cloneNode(true);
  copy.querySelectorAll("[name=csrfmiddlewaretoken], [name=once]").forEach((each) => each.remove());
  [copy, ...copy.querySelectorAll("details")].forEach((each) => each.localName === "details" && (each.open = false));
  // What another script says of a form on its way is its own.
  [copy, ...copy.querySelectorAll(SAYING)].forEach((each) => each.matches(SAYING) && Object.assign(each, { textContent: "", hidden: true }));
  return copy.outerHTML;
}

function isEdited({ type, multiple, options, selectedIndex, value, defaultValue, checked, defaultChecked }) {
  if (multiple && options) return [...options].some((each) => each.selected !== each.defaultSelected);
  if (options) return selectedIndex !== Math.max(0, [...options].findIndex((each) => each.defaultSelected));
  return type !== "hidden" && (value !== defaultValue || checked !== defaultChecked);
}

document.addEventListener("visibilitychange", () => {
  say({ here: !document.hidden });
  if (missed) refresh();
});
document.addEventListener("focusout", () => held && refresh());

// Covers the page when nobody moved for so long, here or in another window of this browser. What was typed stays; the
// server answers nothing meanwhile but the uncovering.
const sheet = document.querySelector(".cover");
const windows = new BroadcastChannel("homeward");
let moved = Date.now(), told = moved;

const post = (address, body) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Cover": "1" } });
};

function cover() {
  if (sheet.open) return;
  dispatchEvent(new Event("covered"));
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  sheet.showModal();
  if (!sheet.querySelector("[data-use-passkey]") || document.querySelector("script[data-keys]")) return;
  const script = Object.assign(document.createElement("script"), { type: "module", src: sheet.dataset.keysScript });
  script.dataset.keys = "";
  document.head.append(script);
}

function uncover() {
  moved = told = Date.now();
  sheet.querySelector("form").reset();
  sheet.close();
  say({ here: !document.hidden });
  refresh();
}

let locking = null;

function lock() {
  windows.postMessage("cover");
  cover();
  locking = post(sheet.dataset.lock).catch(() => {});
}

async function move() {
  if (sheet.open) return;
  moved = Date.now();
  soon.hidden = true;
  if (moved - told < 60000) return;
  told = moved;
  windows.postMessage("moved");
  const answer = await post(sheet.dataset.here).catch(() => {});
  if (answer?.status === 423) cover();
}

const idle = () => (Date.now() - moved) / 1000;
const soon = document.querySelector("[data-soon]");

// A minute before, it is said: to stay is to move.
function watch() {
  if (sheet.open) return;
  soon.hidden = idle() < sheet.dataset.after - 60;
  if (!soon.hidden && !soon.textContent) soon.textContent = soon.dataset.soon;
  if (idle() >= sheet.dataset.after) lock();
}

for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "input"]) addEventListener(kind, move, true);
setInterval(watch, 5000);
windows.onmessage = ({ data }) => {
  if (data === "cover") cover();
  else if (data === "away") vanish(), location.replace(out.dataset.leave);
  else if (data === "moved") moved = told = Date.now();
  else if (sheet.open) uncover();
};
// Neither the escape key nor anything else closes it.
sheet.addEventListener("cancel", (event) => event.preventDefault());
sheet.addEventListener("keydown", (event) => event.key === "Escape" && event.preventDefault());
sheet.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = sheet.querySelector("[data-cover-words]");
  words.textContent = "";
  // On a slow line it may still be on its way, and would arrive after.
  await locking;
  const answer = await post(sheet.dataset.unlock, new FormData(event.target)).catch(() => {});
  event.target.reset();
  if (answer?.status === 204) {
    windows.postMessage("uncover");
    uncover();
  } else if (answer?.status === 422) words.textContent = await answer.text();
  else if (answer?.ok) leave(); // Signed out.
  else words.textContent = sheet.dataset.unsent;
});

document.querySelector("[data-cover-now]").addEventListener("submit", (event) => {
  event.preventDefault();
  lock();
});

// The quick way out: nothing is seen any more at once, the session ends, and this page is gone from the way back.
const out = document.querySelector("[data-leave]");
let shifts = [];

function vanish() {
  left = true;
  document.documentElement.hidden = true;
  document.title = "";
}

async function goAway() {
  vanish();
  dispatchEvent(new Event("pagehide"));
  windows.postMessage("away");
  await Promise.race([post(out.getAttribute("action")).catch(() => {}), sleep(2)]);
  location.replace(out.dataset.leave);
}

out.addEventListener("submit", (event) => {
  event.preventDefault();
  goAway();
});
addEventListener("keydown", ({ key, repeat, altKey, ctrlKey, metaKey }) => {
  if (repeat) return;
  // With another key held, Shift changes the keyboard's language.
  shifts = key === "Shift" && !altKey && !ctrlKey && !metaKey ? [...shifts, Date.now()].slice(-3) : [];
  if (shifts.length === 3 && shifts[2] - shifts[0] < 1500) goAway();
});
document.querySelector("[data-retry]").addEventListener("click", tryAgain);
addEventListener("offline", () => cut(true));
addEventListener("online", tryAgain);
addEventListener("pagehide", () => (left = true));
addEventListener("pageshow", ({ persisted }) => persisted && leave());
connect();
