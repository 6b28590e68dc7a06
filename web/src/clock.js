// Clocks go on counting between two pages: each 15 s, each second in the last two minutes. Only what is shown
// changes; a clock is reset by an act, on the server.
import { announce, say, words } from "./words.js";

const loaded = Date.now();
let lateSince = 0;
let lastTold = 0;

/** Office time in milliseconds; it may run faster than the wall's in a demonstration. */
export function officeNow() {
  const { now, factor } = words();
  return Date.parse(now ?? "") + (Date.now() - loaded) * Number(factor || 1);
}

/** A length of time as the server writes it: one or two units, rounded down. */
export function duration(seconds) {
  const units = [];
  const put = (n, name) => n > 0 && units.push(say(name, n));
  if (seconds >= 86400) {
    put(Math.floor(seconds / 86400), "day");
    put(Math.floor((seconds % 86400) / 3600), "hour");
  } else if (seconds >= 3600) {
    put(Math.floor(seconds / 3600), "hour");
    put(Math.floor((seconds % 3600) / 60), "minute");
  } else {
    put(Math.floor(seconds / 60), "minute");
    if (seconds < 120) put(seconds % 60, "second");
  }
  return units.length > 0 ? units.join(" ") : say("second", 0);
}

/** The phase of a clock with so many seconds left. */
export function phase(left, soon) {
  if (left < 0) return "late";
  return left <= soon ? "soon" : "running";
}

function show(clock, now) {
  const left = (Date.parse(clock.dataset.due) - now) / 1000;
  const next = phase(left, Number(clock.dataset.soon));
  const time = clock.querySelector("time");
  const text = say(left < 0 ? "late" : "left", duration(Math.floor(Math.abs(left))));
  if (time.textContent !== text) time.textContent = text;
  if (clock.dataset.phase !== next) {
    if (next === "late") lateSince += 1;
    clock.dataset.phase = next;
    const use = clock.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#clock-${next}`));
  }
  return left;
}

function tell() {
  // Late ones together, at most once a minute.
  if (lateSince > 0 && Date.now() - lastTold > 60_000) {
    announce(say("wentLate", lateSince));
    lateSince = 0;
    lastTold = Date.now();
  }
}

/** Starts ticking. */
export function startClocks() {
  const tick = () => {
    const now = officeNow();
    let nearest = Infinity;
    for (const clock of document.querySelectorAll(".clock[data-due]")) {
      nearest = Math.min(nearest, Math.abs(show(clock, now)));
    }
    tell();
    setTimeout(tick, nearest < 120 ? 1_000 : 15_000);
  };
  if (words().now) tick();
}
