// A large file of an exhibit goes in parts: after a break it goes on from where the node says that it stopped. A form without a file, and
// one that fits into a single answer, is sent by the browser as it is.

const PART = 8 * 1024 * 1024;
const WHOLE = 32 * 1024 * 1024;
const TRIES = 8;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Sends one request again and again while the line is broken or the node is busy. */
async function patiently(ask) {
  for (let n = 0; ; n += 1) {
    const answer = await ask().catch(() => null);
    if (answer && answer.status < 500) return answer;
    if (n >= TRIES) throw new Error("no answer");
    await wait(Math.min(30_000, 500 * 2 ** n));
  }
}

const json = (body) => ({
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json" },
  body: JSON.stringify(body),
});

/** Sends a file in parts. Gives the upload's address. */
async function parts(file, progress) {
  const begun = await patiently(() => fetch("/desk/evidence/uploads", json({ size: file.size })));
  if (begun.status !== 201) throw new Error(`refused: ${begun.status}`);
  const at = `/desk/evidence/uploads/${(await begun.json()).id}`;
  let sent = 0;
  while (sent < file.size) {
    const part = file.slice(sent, sent + PART);
    const answer = await patiently(() =>
      fetch(at, {
        method: "PATCH",
        headers: { "content-type": "application/offset+octet-stream", "upload-offset": String(sent) },
        body: part,
      }),
    );
    if (answer.status === 409) {
      // A part came and its answer was lost: the node knows how far it is.
      const stands = await patiently(() => fetch(at, { headers: { accept: "application/json" } }));
      sent = (await stands.json()).received;
    } else if (answer.ok) {
      sent = (await answer.json()).received;
    } else {
      throw new Error(`refused: ${answer.status}`);
    }
    progress(sent / file.size);
  }
  return at;
}

function shown(form) {
  const place = form.querySelector("[data-exhibit-progress]");
  const bar = place.querySelector("progress");
  const words = place.querySelector("span");
  return {
    part(share) {
      place.hidden = false;
      bar.value = Math.floor(share * 100);
      words.textContent = `${Math.floor(share * 100)} %`;
    },
    told(text) {
      place.hidden = false;
      words.textContent = text;
    },
  };
}

async function send(form, file) {
  const progress = shown(form);
  const button = form.querySelector("[data-send]");
  button.disabled = true;
  try {
    const at = await parts(file, progress.part);
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const done = await patiently(() => fetch(`${at}/finish`, json({ ...fields, file_name: file.name })));
    const told = await done.json();
    if (done.status === 201) {
      location.assign(told.href);
      return;
    }
    progress.told(told.text ?? told.detail ?? told.title ?? String(done.status));
    form.querySelector(`[name="${CSS.escape(told.field ?? "")}"]`)?.focus();
  } catch (error) {
    progress.told(error.message);
  }
  button.disabled = false;
}

export function startExhibits() {
  for (const form of document.querySelectorAll("form[data-exhibit]")) {
    form.addEventListener("submit", (event) => {
      const file = form.querySelector('input[type="file"]')?.files?.[0];
      if (!file || file.size <= WHOLE) return;
      event.preventDefault();
      send(form, file);
    });
  }
}
