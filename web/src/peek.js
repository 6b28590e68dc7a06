// Dialogs: only to peek, to give a reason, to choose. The focus goes in and comes back.
import { parse } from "./trusted.js";

/** Opens the dialog `id`; whether there is one. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return false;
  dialog.showModal();
  dialog.querySelector("h2")?.focus();
  return true;
}

/** Shows a row's fragment (`data-peek`) without leaving the list. */
export function peek(row) {
  const url = row?.dataset.peek;
  const body = document.getElementById("peek-body");
  if (!url || !body) return false;
  const title = document.getElementById("peek-title");
  title.textContent = row.querySelector("a[data-open], a")?.textContent ?? "";
  body.replaceChildren();
  body.setAttribute("aria-busy", "true");
  void fetch(url, { headers: { "hx-request": "true" } })
    .then((answer) => answer.text())
    .then((text) => body.replaceChildren(...parse(text).childNodes))
    .catch(() => document.getElementById("peek").close())
    .finally(() => body.removeAttribute("aria-busy"));
  return openDialog("peek");
}
