// Keeps an open page up to date: the socket says that something changed, and the page asks for itself again.
const sleep = (seconds) => new Promise((wake) => setTimeout(wake, seconds * 1000));
const tokensOf = (page) => page.querySelector('meta[name="live"]')?.content.split(" ");
// Kind and id; what follows differs in every answer.
const topicsOf = (tokens) => tokens.map((token) => token.split(":", 2).join()).join();

let tokens = tokensOf(document);
let socket, wait = 0, asking = false, missed = false, held = false, left = false;

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
  socket.onopen = join;
  socket.onmessage = ({ data }) => {
    const said = JSON.parse(data);
    heard = true;
    wait = 0;
    if (said.gone) leave();
    if (said.changed) refresh();
  };
  socket.onclose = async ({ code }) => {
    // May this page still be shown? It can tell.
    if (!heard || code > 4000) refresh();
    await sleep(longer());
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
    } catch {
      missed = true;
      await sleep(longer());
    }
  }
  asking = false;
}

async function take(answer) {
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
addEventListener("pagehide", () => (left = true));
addEventListener("pageshow", ({ persisted }) => persisted && leave());
connect();
