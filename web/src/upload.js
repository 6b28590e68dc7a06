// Files are sent one by one, each with its progress; a broken line is tried again, and what is whole stays. Without
// scripts the same form sends them all at once.
import { announce, say } from "./words.js";

const RETRY_AFTER_MS = 5_000;
const TRIES = 24;
/** A screen reader hears every tenth of the way and no more. */
const HEARD_EVERY = 10;

/** Sends one file once: the status of the answer and its refusals; status 0 where the line broke. */
function sendOnce(form, field, file, onPercent) {
  const body = new FormData();
  body.append(field, file, file.name);
  const req = new XMLHttpRequest();
  return new Promise((resolve) => {
    req.open("POST", form.action);
    req.setRequestHeader("Accept", "application/json");
    req.upload.onprogress = ({ loaded, total }) => onPercent(Math.floor((loaded * 100) / Math.max(total, 1)));
    req.onload = () => resolve({ status: req.status, ...answer(req.responseText) });
    req.onerror = () => resolve({ status: 0, added: 0, refused: [] });
    req.send(body);
  });
}

/** What the server says; a page instead of that (a proxy's, say) is no yes. */
function answer(text) {
  try {
    const { added = 0, refused, detail } = JSON.parse(text);
    return { added, refused: Array.isArray(refused) ? refused : [detail ?? say("notSent")] };
  } catch {
    return { added: 0, refused: [say("notSent")] };
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Sends one file to its end; whether the report has it now. */
async function send(form, field, file, tell) {
  const limit = Number(form.dataset.upload);
  if (file.size > limit) {
    tell((form.dataset.tooLarge ?? "").replace("{}", file.name), true);
    return false;
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    let heard = -HEARD_EVERY;
    const { status, added, refused } = await sendOnce(form, field, file, (percent) => {
      const words = say("sending", percent);
      tell(words, false);
      if (percent >= heard + HEARD_EVERY) {
        heard = percent;
        announce(`${file.name}: ${words}`);
      }
    });
    if (added > 0) {
      tell(say("sent"), true);
      return true;
    }
    // What the server refuses it refuses again; a broken line and a busy server are worth another try.
    if (status >= 200 && status < 500) {
      tell(refused.join(" "), true);
      return false;
    }
    tell(say("sendingCut"), attempt === 0);
    await pause(RETRY_AFTER_MS);
  }
  tell(say("notSent"), true);
  return false;
}

/** A line for one file, under the field. */
function line(list, name) {
  const row = document.createElement("p");
  const title = document.createElement("bdi");
  const state = document.createElement("span");
  title.className = "told";
  title.textContent = name;
  state.className = "hint";
  row.append(title, document.createElement("br"), state);
  list.append(row);
  return (text, aloud) => {
    state.textContent = text;
    if (aloud) announce(`${name}: ${text}`);
  };
}

async function sendAll(form, input) {
  const list = form.querySelector("[data-upload-list]");
  list.replaceChildren();
  const files = [...input.files].map((file) => ({ file, tell: line(list, file.name) }));
  for (const { tell } of files) tell(say("sendingWaits"), false);
  let whole = true;
  for (const { file, tell } of files) {
    if (!(await send(form, input.name, file, tell))) whole = false;
  }
  return whole;
}

/** Starts the forms that send files. */
export function startUploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.querySelector('input[type="file"]');
    const button = form.querySelector("button");
    let busy = false;
    form.addEventListener("submit", (event) => {
      if (!input.files.length) return; // The server says what is missing.
      event.preventDefault();
      if (busy) return;
      busy = true;
      button.setAttribute("aria-disabled", "true");
      void sendAll(form, input).then((whole) => {
        busy = false;
        button.removeAttribute("aria-disabled");
        input.value = "";
        if (whole) location.assign(form.action);
      });
    });
    addEventListener("beforeunload", (event) => busy && event.preventDefault());
  }
}
