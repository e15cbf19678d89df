// Keeps an open page up to date: the socket says that something changed, and the page asks for itself again.
const sleep = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1000));
const tokensOf = (page) => page.querySelector('meta[name="live"]')?.content.split(" ");
// Kind and id; what follows differs in every answer.
const topicsOf = (tokens) => tokens.map((token) => token.split(":", 2).join()).join();

let tokens = tokensOf(document);
let socket, wait = 0, asking = false, missed = false, held = false, left = false, again = () => {};

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
    if (said.gone) leave();
    if (said.changed) refresh();
  };
  socket.onclose = async ({ code }) => {
    // May this page still be shown? It can tell.
    if (!heard || code > 4000) await refresh();
    if (left) return;
    const pause = longer();
    if (pause > 2) cut(true);
    await Promise.race([sleep(pause), new Promise((wake) => (again = wake))]);
    connect();
  };
}

async function refresh() {
  missed = true;
  if (asking) return;
  asking = true;
  while (missed && !document.hidden && !left) {
    missed = false;
    try {
      await take(await fetch(location.pathname + location.search, { headers: { "X-Live": "1" } }));
      cut(false);
    } catch (why) {
      missed = true;
      if (!why.status) cut(true);
      await sleep(longer());
    }
  }
  asking = false;
}

// Said where everybody sees it, and taken back as soon as something came through.
function cut(is) {
  const words = document.querySelector("[data-cut]");
  if (words.hidden !== is) return;
  words.hidden = !is;
  if (is) words.querySelector("p").textContent = words.dataset.cut;
}

function tryAgain() {
  wait = 0;
  again();
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
  const others = topicsOf(fresh) !== topicsOf(tokens);
  tokens = fresh;
  if (others) join();
  if (replace(page)) {
    const status = document.querySelector("[data-live-words]");
    status.textContent = status.dataset.liveWords;
  }
}

function replace(page) {
  let changed = (held = false);
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!fresh || !old.isConnected || bare(old) === bare(fresh)) continue;
    const focused = old.contains(document.activeElement);
    held ||= focused;
    if (focused || [...old.querySelectorAll("input, textarea, select")].some(isEdited)) continue;
    const open = [...old.querySelectorAll("details")].map((each) => each.open);
    fresh.querySelectorAll("details").forEach((each, place) => (each.open ||= open[place]));
    old.replaceWith(fresh);
    changed = true;
  }
  return changed;
}

// Without what differs in every answer or was unfolded.
function bare(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("[name=csrfmiddlewaretoken], [name=once]").forEach((each) => each.remove());
  copy.querySelectorAll("details").forEach((each) => (each.open = false));
  return copy.outerHTML;
}

function isEdited({ type, options, selectedIndex, value, defaultValue, checked, defaultChecked }) {
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

async function lock() {
  windows.postMessage("cover");
  cover();
  await post(sheet.dataset.lock).catch(() => {});
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
  else if (data === "away") location.replace(out.dataset.leave);
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

async function goAway() {
  left = true;
  document.documentElement.hidden = true;
  document.title = "";
  dispatchEvent(new Event("pagehide"));
  windows.postMessage("away");
  await Promise.race([post(out.getAttribute("action")).catch(() => {}), sleep(2)]);
  location.replace(out.dataset.leave);
}

out.addEventListener("submit", (event) => {
  event.preventDefault();
  goAway();
});
addEventListener("keydown", ({ key, repeat }) => {
  if (repeat) return;
  shifts = key === "Shift" ? [...shifts, Date.now()].slice(-3) : [];
  if (shifts.length === 3 && shifts[2] - shifts[0] < 1500) goAway();
});
document.querySelector("[data-retry]").addEventListener("click", tryAgain);
addEventListener("offline", () => cut(true));
addEventListener("online", tryAgain);
addEventListener("pagehide", () => (left = true));
addEventListener("pageshow", ({ persisted }) => persisted && leave());
connect();
