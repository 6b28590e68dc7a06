// Forms: sent once, read back, kept. All of it is extra; the server does the same without scripts.
import { officeNow } from "./clock.js";
import { readSum, shortSum, writeSum } from "./figures.js";
import { announce, hour, say, words } from "./words.js";

const SAVE_AFTER_MS = 1_500;
const RETRY_AFTER_MS = 5_000;
const SAVE_LIMIT_MS = 8_000;
/** Browsers refuse a request that outlives its page if its body is longer than 64 KiB. */
const KEEPALIVE_BYTES = 60_000;

// --- a second press does nothing ---

function setBusy(form, button) {
  form.dataset.busy = "true";
  if (!(button instanceof HTMLButtonElement)) return;
  button.style.setProperty("min-width", `${button.offsetWidth}px`);
  button.dataset.words = button.textContent ?? "";
  const spinner = document.createElement("span");
  spinner.className = "spinner";
  button.replaceChildren(spinner, say("busy"));
  button.setAttribute("aria-disabled", "true");
}

/** Makes a form usable again: after a refused save, or when the browser brings an old page back. */
function setFree(form) {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("button[data-words]")) {
    button.replaceChildren(button.dataset.words);
    delete button.dataset.words;
    button.removeAttribute("aria-disabled");
  }
}

function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  if (form.dataset.draft && form.dataset.saved !== "now") {
    event.preventDefault();
    setBusy(form, event.submitter);
    void saveThenSend(form, event.submitter);
    return;
  }
  // After the event: a button that is disabled now would not be sent.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    setBusy(form, event.submitter);
    if (form.dataset.saves !== undefined) tellSaving(form);
  });
}

// --- what comes as a file leaves the page where it is ---

const FREE_AFTER_MS = 2_000;

/** What was wrong before goes, what is saved is told, and the button can be used again. A refusal comes as a page of its own. */
function tellSaving(form) {
  document.getElementById("errors")?.remove();
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const place of form.querySelectorAll("[data-saving]")) place.hidden = false;
  document.title = form.dataset.saves || document.title;
  if (form.dataset.savesAt) history.replaceState(null, "", form.dataset.savesAt);
  setTimeout(() => setFree(form), FREE_AFTER_MS);
}

// --- drafts: saved from the first answer; a cut line loses nothing ---

const drafts = new WeakMap();

function draftOf(form) {
  let draft = drafts.get(form);
  if (!draft) {
    draft = { dirty: false, timer: 0 };
    drafts.set(form, draft);
  }
  return draft;
}

function tellDraft(form, text) {
  const line = form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
  if (line) line.textContent = text;
}

function later(form, ms) {
  const draft = draftOf(form);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => void save(form), ms);
}

/** Saves the form's answers on the server; whether it worked. */
async function save(form) {
  const draft = draftOf(form);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value);
  }
  draft.dirty = false;
  try {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), SAVE_LIMIT_MS);
    const keepalive = body.toString().length < KEEPALIVE_BYTES;
    const answer = await fetch(form.dataset.draft, { method: "POST", body, signal: limit.signal, keepalive });
    clearTimeout(timer);
    if (answer.ok) {
      tellDraft(form, say("saved", hour(officeNow())));
      return true;
    }
    tellDraft(form, say("notSaved"));
    return answer.status < 500;
  } catch {
    draft.dirty = true;
    tellDraft(form, say("cut"));
    later(form, RETRY_AFTER_MS);
    return false;
  }
}

async function saveThenSend(form, button) {
  clearTimeout(draftOf(form).timer);
  const saved = await save(form);
  setFree(form);
  if (!saved) return;
  form.dataset.saved = "now";
  form.requestSubmit(button);
  setTimeout(() => delete form.dataset.saved, 0);
}

function onInput(event) {
  const form = event.target instanceof Element ? event.target.closest("form[data-draft]") : null;
  if (form) {
    draftOf(form).dirty = true;
    later(form, SAVE_AFTER_MS);
  }
}

function saveAllDirty() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (draftOf(form).dirty) void save(form);
  }
}

/** The language switch keeps what was typed: the draft is saved before the page is left. */
function onLanguage(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-language]") : null;
  const form = document.querySelector("form[data-draft]");
  if (!link || !form || !draftOf(form).dirty || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void save(form).then((saved) => saved && location.assign(link.href));
}

// --- sums are read back while they are typed ---

function readBack(input) {
  const place = document.getElementById(`${input.id}-readback`);
  if (!place) return;
  const sum = input.dataset.readback ? readSum(input.value) : null;
  if (!sum) {
    place.textContent = "";
    return;
  }
  const { group = " ", decimal = ",", short = "" } = words();
  const exact = `${writeSum(sum[0], sum[1], group, decimal)}\u00a0${input.dataset.readback}`;
  const brief = shortSum(sum[0], short.split("|"), decimal);
  place.textContent = say("readback", brief ? `${exact} (${brief})` : exact);
}

/** Another currency: its code stands behind the sum, and nothing is read back; the check page shows it. */
function onCurrency({ target }) {
  if (!(target instanceof HTMLSelectElement) || !/(^|_)currency$/.test(target.name)) return;
  const input = target.form?.elements.namedItem(target.name.replace(/currency$/, "amount"));
  if (!(input instanceof HTMLInputElement)) return;
  const shown = input.parentElement?.querySelector(".unit");
  if (!shown) return;
  shown.dataset.own ??= shown.textContent ?? "";
  // The first choice is the empty one, the second the country's own.
  const own = target.selectedIndex <= 1;
  shown.textContent = own ? shown.dataset.own : target.value;
  input.dataset.readback = own ? shown.dataset.own : "";
  readBack(input);
}

function watchSums() {
  document.addEventListener("change", onCurrency);
  for (const select of document.querySelectorAll("select")) onCurrency({ target: select });
  const timers = new WeakMap();
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.readback === undefined) return;
    clearTimeout(timers.get(target));
    timers.set(target, setTimeout(() => readBack(target), 400));
  });
  for (const input of document.querySelectorAll("input[data-readback]")) readBack(input);
}

// --- digits by the physical key: the Kazakh layout has letters in the digit row ---

function onDigit(event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.dataset.digits === undefined) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  if (digit === undefined || event.key === digit) return;
  event.preventDefault();
  input.setRangeText(digit, input.selectionStart ?? 0, input.selectionEnd ?? 0, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- small helps ---

function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText((from?.textContent ?? "").replace(/[\s\u00a0]/g, ""));
      announce(say("copied"));
      const before = button.textContent;
      button.textContent = say("copied");
      setTimeout(() => (button.textContent = before), 2_000);
    });
  }
}

function showPasswords() {
  for (const input of document.querySelectorAll('input[type="password"]')) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = say("show");
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = say(hidden ? "hide" : "show");
    });
    input.after(button);
  }
}

/** Starts everything that forms need. */
export function startForms() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("input", onInput);
  document.addEventListener("change", onInput);
  document.addEventListener("click", onLanguage);
  document.addEventListener("keydown", onDigit);
  document.addEventListener("visibilitychange", () => document.hidden && saveAllDirty());
  window.addEventListener("online", saveAllDirty);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(setFree));
  watchSums();
  copyButtons();
  showPasswords();
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  document.querySelector("[data-focus]")?.focus();
}
