// What happened, and undo: 10 s, longer while it is hovered or focused, then 10 minutes under "recent".

const STAY_MS = 10_000;
const RECENT_MS = 600_000;

function retire(toast) {
  if (toast.matches(":hover, :focus-within")) {
    setTimeout(retire, STAY_MS / 2, toast);
    return;
  }
  const recent = document.getElementById("recent");
  const list = document.getElementById("recent-list");
  if (!recent || !list || !toast.querySelector("[data-undo]")) {
    toast.remove();
    return;
  }
  list.prepend(toast);
  recent.hidden = false;
  setTimeout(() => {
    toast.remove();
    recent.hidden = list.childElementCount === 0;
  }, RECENT_MS);
}

function take(toast) {
  if (toast.dataset.taken) return;
  toast.dataset.taken = "true";
  const close = toast.querySelector("[data-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
  }
  if (document.getElementById("toasts")) setTimeout(retire, STAY_MS, toast);
}

/** Undoes the newest act that can be undone; whether there was one. */
export function undoNewest() {
  const shown = [...document.querySelectorAll("#toasts [data-undo]")].pop();
  const form = shown ?? document.querySelector("#recent-list [data-undo]");
  form?.requestSubmit();
  return Boolean(form);
}

/** Watches for toasts, those of this page and those that answers bring. */
export function startToasts() {
  for (const toast of document.querySelectorAll("[data-toast]")) take(toast);
  const place = document.getElementById("toasts");
  if (!place) return;
  new MutationObserver(() => place.querySelectorAll("[data-toast]").forEach(take)).observe(place, { childList: true, subtree: true });
}
