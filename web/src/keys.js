// The desk by keyboard. Physical keys (`event.code`), so that it works in the Cyrillic and Kazakh layouts;
// never inside a field; can be turned off. No single key sends anything outside the house: `o` opens the plan,
// sending is Ctrl+Enter on the page that declares it.
import { openDialog, peek } from "./peek.js";
import { undoNewest } from "./toast.js";
import { announce, say } from "./words.js";

const CHORD_MS = 1_500;
let current = null;
let lastTicked = null;
let chordUntil = 0;

const rows = () => [...document.querySelectorAll("tr[data-row]")].filter((row) => row.offsetParent !== null);

function here() {
  const focused = document.activeElement?.closest("tr[data-row]");
  if (focused) current = focused;
  return current?.isConnected ? current : null;
}

function go(step) {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.indexOf(here());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  current = next;
  const link = next.querySelector("[data-open], a");
  link?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

const boxOf = (row) => row?.querySelector('input[type="checkbox"]') ?? null;

function tell() {
  const count = rows().filter((row) => boxOf(row)?.checked).length;
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = count === 0;
    const line = bar.querySelector(".bulk-count");
    line.hidden = false;
    line.textContent = bar.dataset.count.replace("{}", String(count));
  }
  return count;
}

function tick(range) {
  const row = here();
  const box = boxOf(row);
  if (!box) return false;
  if (range && lastTicked?.isConnected) {
    const all = rows();
    const [from, to] = [all.indexOf(lastTicked), all.indexOf(row)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) if (boxOf(each)) boxOf(each).checked = true;
  } else {
    box.checked = !box.checked;
  }
  lastTicked = row;
  announce(say("selected", tell()));
  return true;
}

function clear() {
  const ticked = rows().map(boxOf).filter((box) => box?.checked);
  for (const box of ticked) box.checked = false;
  announce(say("selected", tell()));
  return ticked.length > 0;
}

/** The act of a letter: of the ticked rows, of the row, of the page, in this order. */
function act(letter) {
  const ticked = rows().some((row) => boxOf(row)?.checked);
  const places = [ticked ? document.querySelector("[data-bulk]") : null, here(), document.querySelector("main")];
  for (const place of places) {
    const found = place && [...place.querySelectorAll(`[data-verb="${letter}"]`)].find((e) => place !== places[2] || !e.closest("tr[data-row]"));
    if (found) {
      found.click();
      return true;
    }
  }
  return false;
}

function day(step) {
  const days = [...document.querySelectorAll(".timeline-day h3")];
  if (days.length === 0) return false;
  const at = days.indexOf(document.activeElement);
  const next = days[Math.min(Math.max(at + step, 0), days.length - 1)];
  next.tabIndex = -1;
  next.focus();
  return true;
}

function open() {
  const row = here();
  if (!row || document.activeElement?.closest("a, button, summary")) return false;
  row.querySelector("[data-open], a")?.click();
  return true;
}

const plain = {
  KeyJ: () => go(1),
  KeyK: () => go(-1),
  KeyX: (event) => tick(event.shiftKey),
  Space: () => (document.activeElement?.closest("button, summary, input") ? false : peek(here())),
  Enter: () => open(),
  Escape: () => clear(),
  BracketLeft: () => day(-1),
  BracketRight: () => day(1),
  KeyZ: () => undoNewest(),
  KeyG: () => ((chordUntil = Date.now() + CHORD_MS), true),
};

for (const letter of "aoscemn") plain[`Key${letter.toUpperCase()}`] ??= () => act(letter);

function into(field) {
  field?.focus();
  field?.select();
  return Boolean(field);
}

function slash(event) {
  if (event.shiftKey) return openDialog("keys");
  // The filter of the page, and the search in its head where there is none.
  return into(document.querySelector("[data-filter]")) || search();
}

/** The box over everything, in the head of every page. */
function search() {
  return into(document.querySelector("[data-search]"));
}

function inField(target) {
  return target instanceof Element && Boolean(target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"));
}

function chord(code) {
  chordUntil = 0;
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  const link = letter && document.querySelector(`[data-go="${letter}"]`);
  link?.click();
  return Boolean(link);
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.code !== "KeyJ" && event.code !== "KeyK") return;
  if ((event.ctrlKey || event.metaKey) && event.code === "Enter") {
    const button = document.querySelector("button[data-send]");
    if (button) {
      event.preventDefault();
      button.click();
    }
    return;
  }
  const dialog = document.querySelector("dialog[open]");
  // From anywhere, also out of a field: nothing that was typed is lost by it.
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK" && !dialog) {
    if (search()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || dialog) return;
  if (inField(event.target)) {
    if (event.code === "Escape") event.target.blur();
    // Once more in the filter while it is empty: the box over everything.
    const again = event.code === "Slash" && !event.shiftKey && event.target.matches("[data-filter]") && event.target.value === "";
    if (again && document.documentElement.dataset.keys !== "off" && search()) event.preventDefault();
    return;
  }
  // Keys that do not depend on letters stay on even where single-key shortcuts are turned off.
  if (document.documentElement.dataset.keys === "off" && event.code !== "Escape") return;
  if (event.shiftKey && !["KeyX", "KeyZ", "Slash"].includes(event.code) && event.key !== "?") return;
  const done =
    event.key === "?"
      ? openDialog("keys")
      : Date.now() < chordUntil
        ? chord(event.code)
        : event.code === "Slash"
          ? slash(event)
          : plain[event.code]?.(event);
  if (done) event.preventDefault();
}

/** Starts the keyboard and the bulk bar. */
export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.closest("tr[data-row]")) {
      lastTicked = target.closest("tr[data-row]");
      tell();
    }
  });
  document.addEventListener("reset", () => setTimeout(tell));
  const help = document.querySelector("[data-keys-help]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => openDialog("keys"));
  }
  tell();
}
