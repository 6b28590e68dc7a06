// Words come from the page (`#words`), never from a script: they are in the reader's language.

/** @type {DOMStringMap} */
let held = {};

/** The words of this page. */
export function words() {
  const place = document.getElementById("words");
  if (place) held = place.dataset;
  return held;
}

/** The text `name` with `value` in its place. */
export function say(name, value = "") {
  return (words()[name] ?? "").replace("{}", String(value));
}

/** The hour of a moment in the office's zone, as the server writes it. */
export function hour(millis) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words().zone || undefined };
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(millis));
}

/** Tells a screen reader, without moving the focus. */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = text;
}
