// Lists that stay fresh: by server-sent events, else each 15 s. Rows that are there change in place; new ones
// wait at the top as "new: 3", so that nothing moves under the hand. When nothing answers for 30 s a grey bar
// says from when the data are: old data never look fresh.
import { officeNow } from "./clock.js";
import { parse } from "./trusted.js";
import { announce, hour, say } from "./words.js";

const POLL_MS = 15_000;
const STALE_MS = 30_000;
/** What somebody waits for says in seconds how soon to ask again. */
const pollOf = (place) => (Number(place.dataset.every) || POLL_MS / 1000) * 1000;

/** @type {Map<Element, {at: number, office: number, timer: number, events?: EventSource, waiting?: Element}>} */
const lists = new Map();

function showAge() {
  const bar = document.getElementById("as-of");
  if (!bar) return;
  const stale = [...lists.values()].filter((l) => Date.now() - l.at > STALE_MS);
  const oldest = Math.min(...stale.map((l) => l.office));
  const text = stale.length > 0 ? say("asOf", hour(oldest)) : "";
  if (bar.textContent !== text) bar.textContent = text;
  bar.hidden = stale.length === 0;
}

function keepState(old, fresh) {
  const box = old.querySelector('input[type="checkbox"]');
  const next = fresh.querySelector('input[type="checkbox"]');
  if (box && next) next.checked = box.checked;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(focused.matches("a") ? "a" : focused.tagName.toLowerCase())?.focus({ preventScroll: true });
}

const sameRow = (a, b) => a.outerHTML.replace(/ checked(="")?/g, "") === b.outerHTML.replace(/ checked(="")?/g, "");

function merge(place, list, fresh) {
  const rows = new Map([...fresh.querySelectorAll("tr[data-row]")].map((row) => [row.id, row]));
  let unseen = 0;
  for (const row of place.querySelectorAll("tr[data-row]")) {
    const next = rows.get(row.id);
    if (!next) row.dataset.gone = "true";
    else if (!sameRow(row, next)) keepState(row, next.cloneNode(true));
  }
  for (const id of rows.keys()) if (!place.querySelector(`[id="${CSS.escape(id)}"]`)) unseen += 1;
  list.waiting = fresh;
  offer(place, list, unseen);
}

function offer(place, list, unseen) {
  const table = place.closest("table");
  let bar = table?.previousElementSibling;
  if (!bar?.matches(".fresh")) {
    if (unseen === 0 || !table) return;
    bar = document.createElement("p");
    bar.className = "fresh";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.addEventListener("click", () => showNew(place, list, bar));
    bar.append(button);
    table.before(bar);
  }
  const text = say("fresh", unseen);
  if (unseen > 0 && bar.firstElementChild.textContent !== text) {
    bar.firstElementChild.textContent = text;
    announce(text);
  }
  bar.hidden = unseen === 0;
}

function showNew(place, list, bar) {
  const ticked = new Set([...place.querySelectorAll("input:checked")].map((box) => box.value));
  place.replaceChildren(...list.waiting.children);
  for (const box of place.querySelectorAll('input[type="checkbox"]')) box.checked = ticked.has(box.value);
  bar.hidden = true;
  place.querySelector("tr[data-row] a")?.focus();
}

function replaceAll(place, fresh) {
  if (place.contains(document.activeElement) || place.innerHTML === fresh.innerHTML) return;
  place.replaceChildren(...fresh.childNodes);
}

async function refresh(place, list) {
  clearTimeout(list.timer);
  try {
    const answer = await fetch(place.dataset.live, { headers: { "hx-request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error("refused");
    const isRows = place.tagName === "TBODY";
    const fresh = parse(await answer.text(), isRows ? "tbody" : "template");
    if (isRows) merge(place, list, fresh);
    else replaceAll(place, fresh);
    list.at = Date.now();
    list.office = officeNow();
  } catch {
    // The bar tells; the next try comes by itself.
  }
  showAge();
  list.timer = setTimeout(refresh, pollOf(place), place, list);
}

function listen(place, list) {
  const url = place.dataset.liveEvents;
  if (!url || !("EventSource" in window)) return;
  list.events = new EventSource(url);
  list.events.addEventListener("changed", () => {
    clearTimeout(list.timer);
    list.timer = setTimeout(refresh, 300, place, list);
  });
}

/** Starts every list with `data-live` (address of its fragment) and `data-live-events` (optional). */
export function startLive() {
  for (const place of document.querySelectorAll("[data-live]")) {
    const list = { at: Date.now(), office: officeNow(), timer: 0 };
    lists.set(place, list);
    list.timer = setTimeout(refresh, pollOf(place), place, list);
    listen(place, list);
  }
  if (lists.size > 0) setInterval(showAge, 5_000);
}
