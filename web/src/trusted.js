// The two places where text may become markup, and nowhere else (Trusted Types). Both only parse; a parsed
// document runs nothing, and the content security policy forbids inline handlers in what is moved from it.

// Both make a document of its own that runs nothing.
const PARSE = ["DOMParser parseFromString", "Document parseHTMLUnsafe"];

/** Called before htmx starts. */
export const policy = globalThis.trustedTypes?.createPolicy("qorgan", { createHTML: (text) => text });

// htmx knows no policies; the one called `default` speaks for it, for parsing answers only.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (text, _type, sink) => (PARSE.includes(sink) ? text : null),
});

/** A fragment of our own answers as nodes; `inside` is the element it will stand in. */
export function parse(text, inside = "template") {
  const open = { tbody: "<table><tbody>", template: "<body>" }[inside];
  const html = (open ?? "<body>") + text;
  const doc = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
  return inside === "tbody" ? doc.querySelector("tbody") : doc.body;
}
