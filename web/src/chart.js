// The link chart. The page stands without it: tables, links and the server's picture; this puts a canvas in the place of the picture
// and follows the same links without leaving the page. What it is told comes from the page; it says nothing of its own.
import { Picture, colours, read, settle } from "./chart-draw.js";

const page = () => document.getElementById("chart-page");
const figure = document.querySelector("[data-chart]");
const KEEP_MS = 1_200;

let data = JSON.parse(document.getElementById("chart-data")?.textContent || "null");
let picture = null;
let canvas = null;
let panel = null;
let busy = false;
/** The filters that the server has applied. */
let told = [];
const undoing = [];
let undoButton = null;

/** The button of undoing is there while there is something to undo. */
function undoable() {
  const gone = undoing.length === 0;
  if (gone && document.activeElement === undoButton) canvas.focus({ preventScroll: true });
  undoButton.hidden = gone;
}

const say = (word, value) => {
  const place = document.getElementById("announcer");
  const text = (data.words[word] ?? "").replace("{}", value ?? "");
  if (place) place.textContent = text;
  const line = figure.querySelector(".chart-said");
  if (line) line.textContent = text;
};

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, act, label) {
  const made = element("button", "button", text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function build() {
  const stage = figure.querySelector(".chart-stage");
  const bar = element("div", "chart-bar");
  const { words } = data;
  bar.append(
    button("+", () => picture.zoom(1.25), words.in),
    button("−", () => picture.zoom(0.8), words.out),
    button(words.fit, all),
    (undoButton = button(words.undo, undo)),
  );
  // Nothing can be undone yet.
  undoButton.hidden = true;
  canvas = element("canvas", "chart-canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", words.canvas);
  panel = element("div", "chart-panel");
  panel.setAttribute("role", "group");
  panel.hidden = true;
  const line = element("p", "chart-said meta");
  stage.append(bar, canvas, panel, line);
  stage.hidden = false;
  figure.querySelector(".chart-drawing").hidden = true;
  picture = new Picture(canvas, data.looks);
  take(data);
  picture.begin();
  picture.draw();
}

function take(next) {
  data = next;
  told = data.asked.filter(([name]) => FILTERS.includes(name));
  picture.show(read(data), data.lines, data.axis);
  filter(false);
}

function all() {
  picture.fit();
  picture.later();
}

// Choosing, and what can be done with what is chosen.

function choose(node, tell = true) {
  picture.chosen = node;
  panel.hidden = !node;
  panel.replaceChildren();
  if (node) {
    const { words } = data;
    panel.setAttribute("aria-label", node.name);
    const title = element("p", "chart-panel-title");
    title.append(element("span", "meta", node.kind), document.createTextNode(" "), element("bdi", "", node.name));
    panel.append(title);
    if (node.mayOpen) panel.append(button(words.expand, () => expand(node)));
    if (node.mayShut) panel.append(button(words.collapse, () => collapse(node)));
    if (node.mayHide) panel.append(button(words.hide, () => hide(node)));
    // Only where the form of the path offers it: a group is no end of one.
    if (offered("between", node)) panel.append(button(words.from, () => end("between", node)));
    if (offered("and", node)) panel.append(button(words.to, () => end("and", node)));
    if (node.href) {
      const link = element("a", "button", words.page);
      link.href = node.href;
      panel.append(link);
    }
    panel.append(button(words.close, () => (choose(null), canvas.focus())));
    picture.reveal(node);
    if (tell) say("selected", `${node.kind} ${node.name}`);
  }
  picture.later();
}

function offered(name, node) {
  const field = page().querySelector(`select[name="${name}"]`);
  return [...(field?.options ?? [])].some((option) => option.value === node.key) ? field : null;
}

function end(name, node) {
  const field = offered(name, node);
  if (!field) return;
  field.value = node.key;
  field.focus();
}

/** The next one by the list: the starts first, then as the server ordered them. */
function step(by) {
  const seen = picture.nodes.filter((n) => !n.off);
  if (seen.length === 0) return;
  const at = seen.indexOf(picture.chosen);
  choose(seen[(at + by + seen.length) % seen.length]);
}

// Steps: the same addresses as the page's links.

const pairs = () => data.asked.map(([name, value]) => [name, value]);
const without = (list, names, key) => list.filter(([name, value]) => !(names.includes(name) && value === key));

function expand(node) {
  const left = without(pairs(), ["shut", "open"], node.key);
  return go(node.start ? left : [...left, ["open", node.key]], "opened", node.key);
}

function collapse(node) {
  return go([...without(pairs(), ["shut", "open"], node.key), ["shut", node.key]], "shut", node.key);
}

function hide(node) {
  return go([...without(pairs(), ["open", "hide"], node.key), ["hide", node.key]], "hidden", null);
}

function address(list) {
  const saved = data.saved ? [["saved", data.saved]] : [];
  return `/desk/chart?${new URLSearchParams([...list.filter(([name]) => name !== "saved"), ...saved, ["as", "picture"]])}`;
}

const FILTERS = ["no", "from", "until"];

/** What the filter's form asks for now; a slider at its end asks for nothing. */
function filters() {
  const form = page().querySelector(".chart-filter");
  if (!form) return data.asked.filter(([name]) => FILTERS.includes(name));
  const boxes = [...form.querySelectorAll('input[name="kind"]')];
  const kinds = boxes.map((box) => box.value);
  // Of kinds that the form does not offer, what was asked stands.
  const list = data.asked.filter(([name, value]) => name === "no" && !kinds.includes(value));
  list.push(...boxes.filter((box) => !box.checked).map((box) => ["no", box.value]));
  const slider = (name) => form.querySelector(`input[name="${name}"]`);
  let [from, until] = [Number(slider("from")?.value), Number(slider("until")?.value)];
  if (from > until) [from, until] = [until, from];
  if (slider("from") && from > Number(slider("from").min)) list.push(["from", String(from)]);
  if (slider("until") && until < Number(slider("until").max)) list.push(["until", String(until)]);
  return list;
}

const filtered = (list) => [...list.filter(([name]) => !FILTERS.includes(name)), ...filters()];

function places() {
  return picture.nodes.slice(0, 2_000).map((n) => `${n.key} ${Math.round(n.x)} ${Math.round(n.y)}`).join("\n");
}

/** Goes to another state of the chart without leaving the page. */
async function go(list, word, anchor, { back = false, stood = null, push = true } = {}) {
  if (busy) return false;
  busy = true;
  canvas.setAttribute("aria-busy", "true");
  const before = { list: pairs(), nodes: picture.nodes.map(({ key, x, y }) => ({ key, x, y })) };
  try {
    const answer = await fetch(address(list), { headers: { accept: "text/html" } });
    const next = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = next?.getElementById("chart-page");
    const text = next?.getElementById("chart-data")?.textContent;
    if (!fresh || !text) throw new Error("no chart");
    if (!back) undoing.push(before);
    undoable();
    const was = { focus: document.activeElement, chosen: picture.chosen?.key };
    data = JSON.parse(text);
    told = data.asked.filter(([name]) => FILTERS.includes(name));
    picture.show(read(data), data.lines, data.axis);
    for (const n of picture.nodes) n.server = { x: n.x, y: n.y };
    settle(stood ?? before.nodes, picture.nodes, anchor);
    swap(fresh, was);
    filter(false);
    if (push) history.pushState(null, "", address(data.asked));
    choose(picture.nodes.find((n) => n.key === (was.chosen ?? anchor)) ?? null, false);
    picture.later();
    say(word, String(picture.nodes.length));
    keepPlaces();
    return true;
  } catch {
    say("failed");
    return false;
  } finally {
    busy = false;
    canvas.removeAttribute("aria-busy");
  }
}

/** Everything around the picture becomes the new page's; the picture and the focus stay. */
function swap(fresh, { focus }) {
  const [key, act] = [focus?.closest?.("tr[data-key]")?.dataset.key, focus?.dataset?.step];
  const stays = focus && figure.contains(focus);
  const place = fresh.querySelector("[data-chart]");
  const here = document.importNode(fresh, true);
  here.querySelector("[data-chart]").replaceWith(figure);
  if (place) figure.querySelector("figcaption")?.replaceWith(document.importNode(place.querySelector("figcaption"), true));
  page().replaceWith(here);
  if (stays) (focus.isConnected ? focus : canvas).focus({ preventScroll: true });
  else if (key) {
    const row = here.querySelector(`tr[data-key="${CSS.escape(key)}"]`);
    (row?.querySelector(`[data-step="${act}"]`) ?? row?.querySelector("a, button") ?? canvas).focus({ preventScroll: true });
  }
  wire();
}

async function undo() {
  const last = undoing.at(-1);
  if (!last) return say("nothing");
  if (last.moved) {
    undoing.pop();
    undoable();
    for (const n of picture.nodes) if (n.key === last.moved.key) [n.x, n.y] = [last.moved.x, last.moved.y];
    picture.later();
    keepPlaces();
    return say("undone", String(picture.nodes.length));
  }
  // What could not be undone can be tried again.
  if (await go(last.list, "undone", null, { back: true, stood: last.nodes })) {
    undoing.splice(undoing.indexOf(last), 1);
    undoable();
  }
}

// Where things stand is kept for this reader.

let keeping = 0;
function keepPlaces() {
  clearTimeout(keeping);
  if (data.lines.length > 0) return;
  keeping = setTimeout(() => {
    const body = new URLSearchParams([...data.starts.map((s) => ["start", s]), ["places", places()]]);
    fetch("/desk/chart/places", { method: "POST", body, keepalive: true }).catch(() => {});
  }, KEEP_MS);
}

// Filters that need no new page.

const dayOf = (n) => {
  const [y, m, d] = new Date(n * 86_400_000).toISOString().slice(0, 10).split("-");
  return `${d}.${m}.${y}`;
};

/** What hangs together with a start, over nodes and ties that count. */
function reached(node, tie) {
  const beside = new Map();
  for (const e of picture.edges) {
    if (!tie(e)) continue;
    for (const [a, b] of [[e.from, e.to], [e.to, e.from]]) beside.set(a, [...(beside.get(a) ?? []), b]);
  }
  const seen = new Set();
  const waits = picture.nodes.filter((n) => (n.start || n.way) && node(n));
  while (waits.length > 0) {
    const next = waits.pop();
    if (seen.has(next) || !node(next)) continue;
    seen.add(next);
    waits.push(...(beside.get(next) ?? []));
  }
  return seen;
}

/** After a filter was changed: what the page says, keeps and takes out is what is shown. */
function refilter() {
  const served = new Set(told.map(String));
  const wanted = filters();
  const same = (list) => list.map(String).sort().join();
  // What the server left out is not here, and where not all is shown others come in its place.
  const lost = [...served].some((pair) => !wanted.map(String).includes(pair));
  if (same(wanted) === same(data.asked.filter(([name]) => FILTERS.includes(name)))) return;
  if (lost || !data.whole) {
    go(filtered(pairs()), "filtered", null);
    return;
  }
  data.asked = filtered(pairs());
  for (const field of page().querySelectorAll('form[data-places] input[name="asked"]')) field.value = JSON.stringify(data.asked);
  history.replaceState(null, "", address(data.asked));
}

function filter(tell = true) {
  const form = page().querySelector(".chart-filter");
  const boxes = form ? [...form.querySelectorAll('input[name="kind"]')] : [];
  const off = new Set(boxes.filter((b) => !b.checked).map((b) => b.value));
  const value = (name) => Number(form?.querySelector(`input[name="${name}"]`)?.value ?? NaN);
  let [from, until] = [value("from"), value("until")];
  if (from > until) [from, until] = [until, from];
  const outside = (first, last) => (last ?? first) < from || (first ?? last) > until;
  for (const e of picture.edges) e.off = e.first !== null && outside(e.first, e.last);
  // As the server does it: what hung together with a start and does no more goes.
  const before = reached(() => true, () => true);
  for (const n of picture.nodes) n.off = !n.start && !n.way && off.has(n.key.split(":")[0]);
  const now = reached((n) => !n.off, (e) => !e.off);
  for (const n of picture.nodes) n.off ||= !n.start && !n.way && before.has(n) && !now.has(n);
  let fit = 0;
  for (const row of page().querySelectorAll("tr[data-first]")) {
    const day = (text) => (text === "" ? null : Number(text));
    const [first, last] = [day(row.dataset.first), day(row.dataset.last)];
    row.hidden = first !== null && outside(first, last);
    fit += row.hidden ? 0 : 1;
  }
  picture.later();
  if (tell) say("filtered", String(fit));
}

// Pointer and keyboard.

function pointers() {
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    const node = picture.at(event.offsetX, event.offsetY);
    held = { node, x: event.offsetX, y: event.offsetY, from: node && { key: node.key, x: node.x, y: node.y }, far: 0 };
    canvas.setPointerCapture(event.pointerId);
    choose(node, Boolean(node));
  });
  canvas.addEventListener("pointerleave", () => {
    picture.pointed = null;
    picture.later();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) {
      const node = picture.at(event.offsetX, event.offsetY);
      if (node !== picture.pointed) {
        picture.pointed = node;
        picture.later();
      }
      return;
    }
    const [dx, dy] = [event.offsetX - held.x, event.offsetY - held.y];
    held.far += Math.abs(dx) + Math.abs(dy);
    if (held.far < 4) return;
    if (held.node) {
      held.node.x += dx / picture.scale;
      held.node.y += dy / picture.scale;
    } else {
      picture.x += dx;
      picture.y += dy;
    }
    [held.x, held.y] = [event.offsetX, event.offsetY];
    picture.later();
  });
  const drop = () => {
    if (held?.node && held.far >= 4) moved(held.node, held.from);
    held = null;
  };
  canvas.addEventListener("pointerup", drop);
  canvas.addEventListener("pointercancel", drop);
  canvas.addEventListener("dblclick", (event) => {
    const node = picture.at(event.offsetX, event.offsetY);
    if (node) open(node);
  });
  canvas.addEventListener("contextmenu", (event) => {
    const node = picture.at(event.offsetX, event.offsetY);
    if (!node) return;
    event.preventDefault();
    choose(node);
    panel.querySelector("button, a")?.focus();
  });
  // The wheel belongs to the page till the picture is taken in hand.
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    event.preventDefault();
    picture.zoom(event.deltaY < 0 ? 1.15 : 0.87, event.offsetX, event.offsetY);
  }, { passive: false });
}

function moved(node, from) {
  undoing.push({ moved: from });
  undoable();
  say("moved", node.name);
  keepPlaces();
}

function open(node) {
  if (node.mayOpen) return expand(node);
  if (node.mayShut) return collapse(node);
  return node.href && location.assign(node.href);
}

const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function arrow(event, [dx, dy]) {
  const node = picture.chosen;
  if (event.altKey && node) {
    const from = { key: node.key, x: node.x, y: node.y };
    node.x += dx * 20;
    node.y += dy * 20;
    moved(node, from);
    picture.later();
  } else if (event.shiftKey) {
    picture.x -= dx * 60;
    picture.y -= dy * 60;
    picture.later();
  } else step(dx + dy);
}

function keys(event) {
  if (event.ctrlKey || event.metaKey) return;
  const node = picture.chosen;
  const acts = {
    Enter: () => node && open(node),
    Delete: () => node?.mayHide && hide(node),
    Escape: () => choose(null),
    KeyZ: undo,
    KeyJ: () => step(1),
    KeyK: () => step(-1),
    Digit0: all,
    Numpad0: all,
    Equal: () => picture.zoom(1.25),
    NumpadAdd: () => picture.zoom(1.25),
    Minus: () => picture.zoom(0.8),
    NumpadSubtract: () => picture.zoom(0.8),
    ContextMenu: () => panel.querySelector("button, a")?.focus(),
  };
  const signs = { "+": () => picture.zoom(1.25), "-": () => picture.zoom(0.8), "0": all };
  const act = MOVES[event.code] ? () => arrow(event, MOVES[event.code]) : (acts[event.code] ?? signs[event.key]);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function toasts() {
  return document.querySelector("#toasts [data-undo]");
}

// What stands around the picture: new after each step.

function wire() {
  const form = page().querySelector(".chart-filter");
  form?.addEventListener("input", (event) => {
    const { name, value } = event.target;
    const shown = form.querySelector(`output[data-day="${name}"]`);
    if (shown) shown.textContent = dayOf(Number(value));
    filter();
  });
  form?.addEventListener("change", refilter);
  for (const each of page().querySelectorAll("form[data-places]")) {
    each.addEventListener("submit", () => {
      each.querySelector('input[name="places"]').value = places();
    });
  }
  const png = page().querySelector("[data-png]");
  if (png) {
    png.hidden = false;
    png.addEventListener("click", () => takePng(png.form));
  }
}

async function takePng(form) {
  const body = new URLSearchParams(new FormData(form));
  body.set("format", "png");
  // Nothing is taken out without its record.
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return say("failed");
  picture.whole().toBlob((blob) => {
    const link = element("a");
    link.href = URL.createObjectURL(blob);
    link.download = "chart.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    say("saved");
  }, "image/png");
}

function start() {
  build();
  wire();
  pointers();
  canvas.addEventListener("keydown", keys);
  document.addEventListener("click", (event) => {
    const step = event.target.closest?.("#chart-page button[data-step]");
    const node = step && picture.nodes.find((n) => n.key === step.value);
    if (node && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      ({ open: expand, shut: collapse, hide })[step.dataset.step](node);
      return;
    }
    const link = event.target.closest?.("#chart-page a[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const list = filtered([...new URL(link.href).searchParams].filter(([name]) => !["as", "saved", "sort", "q", "rows"].includes(name)));
    go(list, "opened", null);
  });
  // Z undoes a step of the chart, unless the page itself has something to undo.
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input:not([type=checkbox], [type=range]), textarea, select");
    if (event.code !== "KeyZ" || field || event.ctrlKey || event.metaKey || event.defaultPrevented || document.documentElement.dataset.keys === "off") return;
    if (toasts() || undoing.length === 0) return;
    event.preventDefault();
    undo();
  }, { capture: true });
  addEventListener("popstate", () => {
    const list = [...new URL(location.href).searchParams].filter(([name]) => !["as", "saved", "sort", "q", "rows"].includes(name));
    go(list, "undone", null, { back: true, push: false });
  });
  const again = () => {
    picture.colours = colours();
    picture.later();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new ResizeObserver(() => picture.later()).observe(canvas);
}

if (figure && data) start();
