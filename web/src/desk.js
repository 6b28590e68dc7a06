// The desk: keyboard, live lists, fragments by htmx, undo. Every page works without it.
import "./trusted.js";
import htmx from "htmx.org/dist/htmx.esm.js";
import { startClocks } from "./clock.js";
import { startExhibits } from "./exhibit.js";
import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startToasts } from "./toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  // Snapshots of personal pages must not lie in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
  attributesToSettle: ["class", "width", "height"],
  // Refusals carry words for the reader and are shown, too.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
});

// After a swap the focus stays where it was, or goes to the new heading if its place is gone.
document.addEventListener("htmx:afterSettle", (event) => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const heading = event.target.querySelector?.("[data-focus], h1, h2");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
});

startForms();
startExhibits();
startClocks();
startToasts();
startKeys();
startLive();
