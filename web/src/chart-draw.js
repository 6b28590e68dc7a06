// Draws a chart on a canvas: what stands where is given; nothing moves by itself. Thousands of nodes are drawn by
// look, each look in one stroke.

const DASHES = [[], [7, 4], [2, 4]];
/** So many names are tried at most; beyond so many nodes nothing is animated. */
const MANY = 1_000;
const FONT = "12px system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif";
/** How high the axis of time is, pixels of the window. */
const AXIS = 26;

/** The colours of the page as it is now. */
export function colours(element = document.documentElement) {
  const style = getComputedStyle(element);
  const of = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return { ink: of("--text", "#1b1f24"), paper: of("--surface", "#ffffff"), muted: of("--muted", "#55606b"), link: of("--link", "#0b57a4"), chosen: of("--selected", "#e3eefa"), ring: of("--focus-ring", "#ffd33d") };
}

/** Nodes and ties of the page's lists. */
export function read(data) {
  const timed = (data.lines?.length ?? 0) > 0;
  const nodes = data.nodes.map(([key, name, kind, look, x, y, count, href, state, brief]) => ({
    key, name, kind, look, x, y, count, href, brief: short(brief ?? name), start: (state & 1) > 0, mayOpen: (state & 2) > 0, mayShut: (state & 4) > 0, mayHide: (state & 8) > 0, way: (state & 16) > 0, line: timed && (state & 32) === 0, off: false,
  }));
  const edges = data.edges.map(([from, to, words, sure, count, directed, first, last, x]) => ({
    from: nodes[from], to: nodes[to], words, sure, width: 1 + Math.min(5, Math.floor(Math.log10(Math.max(1, count)))), directed: directed > 0, first, last, x: timed ? x : null, off: false,
  }));
  return { nodes, edges };
}

/** Where a tie is drawn: by time straight up or down at its moment, as the server does it. */
export function ends({ from, to, x }) {
  if (from.line && !to.line) return [{ x: to.x, y: from.y }, to];
  if (to.line && !from.line) return [from, { x: from.x, y: to.y }];
  if (from.line && to.line && x !== null && x !== undefined) return [{ x, y: from.y }, { x, y: to.y }];
  return [from, to];
}

/** Half a sign at its full size, and how high a line of letters is: pixels of the window. */
const SIGN = 13;
const HIGH = 15;

/**
 * Which names are written where in a window, so that none lies on another, nor on a sign: the first of `wanted` first, each at the first
 * side that is free; those that must be written stand before the others. `signs` are boxes; a box is left, top, right, bottom.
 */
export function written(wanted, signs, { width, height, top = 0, left: edge = 0 }) {
  const cells = new Map();
  const each = (box, act) => {
    for (let y = Math.floor(box[1] / 32); y <= Math.floor(box[3] / 32); y += 1) {
      for (let x = Math.floor(box[0] / 128); x <= Math.floor(box[2] / 128); x += 1) {
        if (act(y * 100_003 + x) === false) return false;
      }
    }
    return true;
  };
  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  const put = (box) => each(box, (cell) => void (cells.has(cell) ? cells.get(cell).push(box) : cells.set(cell, [box])));
  const free = (box) => each(box, (cell) => !(cells.get(cell) ?? []).some((other) => meets(other, box)));
  const all = [];
  // What must be named is, be it over signs, though never over a name.
  let overSigns = true;
  for (const { node, x, y, wide, half, must } of wanted) {
    if (overSigns && !must) {
      for (const box of signs) put(box);
      overSigns = false;
    }
    if (y < top || y > height || x < edge || x > width) continue;
    const aside = half + 3;
    const below = [x - wide / 2, y + half + 1];
    const sides = [below, [x + aside, y - HIGH / 2], [x - aside - wide, y - HIGH / 2], [x - wide / 2, y - half - 1 - HIGH]];
    for (const [left, over] of sides) {
      const box = [left, over, left + wide, over + HIGH];
      if (left < edge || box[2] > width || over < top || box[3] > height || !free(box)) continue;
      put(box);
      all.push({ node, left, base: over + 12, box });
      break;
    }
  }
  return all;
}

export class Picture {
  constructor(canvas, looks) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.looks = new Map(Object.entries(looks).map(([name, [shape, icon]]) => [name, { shape: new Path2D(shape), icon: new Path2D(icon) }]));
    this.nodes = [];
    this.edges = [];
    this.lines = [];
    this.axis = [[], []];
    this.pointed = null;
    this.wide = new Map();
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.chosen = null;
    this.colours = colours();
    this.frame = 0;
  }

  /** Takes a chart over. */
  show({ nodes, edges }, lines = [], axis = [[], []]) {
    this.nodes = nodes;
    this.edges = edges;
    this.lines = lines;
    this.axis = axis;
    this.pointed = null;
  }

  size() {
    const ratio = globalThis.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    return { width, height, ratio };
  }

  bounds() {
    const seen = this.nodes.filter((n) => !n.off);
    if (seen.length === 0) return { left: 0, top: 0, width: 1, height: 1 };
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of seen) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    for (const [from, to] of this.lines) {
      left = Math.min(left, from);
      right = Math.max(right, to);
    }
    // The axis stands above, and names at the right end.
    const [over, beside] = this.lines.length > 0 ? [AXIS + 10, 60] : [0, 0];
    return { left: left - 80, top: top - 40 - over, width: right - left + 160 + beside, height: bottom - top + 90 + over };
  }

  /** As it is first seen: a picture by time so large that it can be read, from its beginning; any other whole. */
  begin() {
    const { width } = this.size();
    this.fit();
    if (this.lines.length === 0) return;
    const box = this.bounds();
    const least = Math.min(1, Math.max(0.5, (width - this.margin(width)) / box.width));
    this.scale = least;
    this.x = this.margin(width) - (box.left + 50) * this.scale;
    this.y = AXIS + 30 * this.scale;
  }

  /** All of it in the window. */
  fit() {
    const { width, height } = this.size();
    const box = this.bounds();
    this.scale = Math.min(1.4, Math.max(0.02, Math.min(width / box.width, height / box.height)));
    this.x = width / 2 - (box.left + box.width / 2) * this.scale;
    this.y = height / 2 - (box.top + box.height / 2) * this.scale;
  }

  /** Closer or further, around a point of the window. */
  zoom(times, px = this.canvas.clientWidth / 2, py = this.canvas.clientHeight / 2) {
    const next = Math.min(4, Math.max(0.02, this.scale * times));
    this.x = px - ((px - this.x) * next) / this.scale;
    this.y = py - ((py - this.y) * next) / this.scale;
    this.scale = next;
    this.later();
  }

  /** A point of the window as a point of the picture. */
  point(px, py) {
    return { x: (px - this.x) / this.scale, y: (py - this.y) / this.scale };
  }

  /** The node under a point of the window. */
  at(px, py) {
    const { x, y } = this.point(px, py);
    if (px < this.margin(this.canvas.clientWidth)) {
      const near = this.nodes.filter((n) => n.line && !n.off && Math.abs(n.y - y) * this.scale < 14);
      return near.sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y))[0] ?? null;
    }
    const reach = Math.max(14, 12 / this.scale);
    let [best, least] = [null, reach * reach];
    for (const node of this.nodes) {
      const far = (node.x - x) ** 2 + (node.y - y) ** 2;
      if (!node.off && far < least) [best, least] = [node, far];
    }
    return best;
  }

  /** Moves the window so that a node is in it. */
  reveal(node) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [px, py] = [node.x * this.scale + this.x, node.y * this.scale + this.y];
    if (px < 40 || px > width - 40) this.x += width / 2 - px;
    if (py < 40 || py > height - 40) this.y += height / 2 - py;
  }

  /** Draws at the next frame, once however often it is asked. */
  later() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const { width, height, ratio } = this.size();
    this.paint(this.context, { width, height, ratio }, this.colours);
  }

  paint(c, { width, height, ratio }, ink) {
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.fillStyle = ink.paper;
    c.fillRect(0, 0, width, height);
    c.setTransform(this.scale * ratio, 0, 0, this.scale * ratio, this.x * ratio, this.y * ratio);
    const edge = { left: (-60 - this.x) / this.scale, right: (width + 60 - this.x) / this.scale, top: (-60 - this.y) / this.scale, bottom: (height + 60 - this.y) / this.scale };
    const inside = (n) => n.x > edge.left && n.x < edge.right && n.y > edge.top && n.y < edge.bottom;
    const far = { top: (-this.y) / this.scale, bottom: (height - this.y) / this.scale };
    this.paintGrid(c, ink, far);
    this.paintLines(c, ink);
    this.paintEdges(c, ink, inside);
    const seen = this.nodes.filter((n) => !n.off && inside(n));
    this.paintNodes(c, ink, seen);
    // Letters are of one size however near the picture is: where there is less room, fewer of them.
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paintNames(c, ink, seen, { width, height });
    this.paintAxis(c, ink, width);
  }

  /** The marks of the axis that are drawn: the close ones where they stand far enough from one another. */
  ticks() {
    const [coarse, fine] = this.axis;
    const apart = fine.length > 1 ? (fine[1][0] - fine[0][0]) * this.scale : 0;
    return apart >= 96 ? fine : coarse;
  }

  paintGrid(c, ink, { top, bottom }) {
    const ticks = this.ticks();
    if (ticks.length === 0) return;
    c.beginPath();
    for (const [x] of ticks) {
      c.moveTo(x, top);
      c.lineTo(x, bottom);
    }
    Object.assign(c, { strokeStyle: ink.muted, globalAlpha: 0.4, lineWidth: 1 / this.scale });
    c.setLineDash([2 / this.scale, 4 / this.scale]);
    c.stroke();
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  /** The words of the axis stay at the top of the window; those that would lie on the ones before are left out. */
  paintAxis(c, ink, width) {
    const ticks = this.ticks();
    if (ticks.length === 0) return;
    c.fillStyle = ink.paper;
    c.fillRect(0, 0, width, AXIS);
    c.fillStyle = ink.muted;
    c.fillRect(0, AXIS - 1, width, 1);
    c.font = FONT;
    c.textAlign = "left";
    c.fillStyle = ink.ink;
    const edge = this.margin(width);
    let free = edge;
    for (const [at, words] of ticks) {
      const wide = this.letters(c, words);
      const x = at * this.scale + this.x;
      if (x < edge || x > width) continue;
      const left = Math.min(Math.max(x - wide / 2, edge + 2), width - wide - 2);
      if (left < free) continue;
      c.fillText(words, left, AXIS - 9);
      free = left + wide + 12;
    }
  }

  /** How wide words are; each is measured once. */
  letters(c, words) {
    let wide = this.wide.get(words);
    if (wide === undefined) {
      if (this.wide.size > 20_000) this.wide.clear();
      this.wide.set(words, (wide = c.measureText(words).width));
    }
    return wide;
  }

  paintLines(c, ink) {
    if (this.lines.length === 0) return;
    c.beginPath();
    for (const [from, to, y] of this.lines) {
      c.moveTo(from, y);
      c.lineTo(Math.max(to, from + 1), y);
    }
    Object.assign(c, { strokeStyle: ink.muted, globalAlpha: 0.35, lineWidth: 6, lineCap: "round" });
    c.setLineDash([]);
    c.stroke();
    Object.assign(c, { globalAlpha: 1, lineCap: "butt" });
  }

  paintEdges(c, ink, inside) {
    const groups = new Map();
    const heads = new Path2D();
    let pointed = false;
    for (const e of this.edges) {
      if (e.off || e.from.off || e.to.off) continue;
      if (!inside(e.from) && !inside(e.to) && this.scale > 0.3 && this.lines.length === 0) continue;
      const [from, to] = ends(e);
      const id = e.sure * 8 + e.width;
      let path = groups.get(id);
      if (!path) groups.set(id, (path = new Path2D()));
      path.moveTo(from.x, from.y);
      path.lineTo(to.x, to.y);
      if (e.directed && this.scale > 0.25) {
        head(heads, { from, to });
        pointed = true;
      }
    }
    c.strokeStyle = ink.muted;
    const few = this.edges.length <= 12_000;
    for (const [id, path] of groups) {
      c.lineWidth = id % 8;
      // Of very many or very small lines nobody sees the dashes; the strength stands in the table.
      c.setLineDash(few && this.scale > 0.15 ? DASHES[Math.floor(id / 8)] : []);
      c.stroke(path);
    }
    c.setLineDash([]);
    if (pointed) {
      c.fillStyle = ink.muted;
      c.fill(heads);
    }
  }

  paintNodes(c, ink, seen) {
    const shapes = new Map();
    const icons = new Path2D();
    const starts = new Path2D();
    const detailed = this.scale > 0.35;
    for (const n of seen) {
      const look = this.looks.get(n.look) ?? this.looks.get("plain");
      const at = { a: 1, d: 1, e: n.x, f: n.y };
      let path = shapes.get(n.look);
      if (!path) shapes.set(n.look, (path = new Path2D()));
      path.addPath(look.shape, at);
      if (detailed) icons.addPath(look.icon, at);
      if (n.start) starts.addPath(look.shape, at);
    }
    c.fillStyle = ink.paper;
    c.strokeStyle = ink.ink;
    c.lineWidth = 2;
    for (const path of shapes.values()) {
      c.fill(path);
      c.stroke(path);
    }
    c.lineWidth = 1.5;
    if (detailed) c.stroke(icons);
    c.lineWidth = 4;
    c.strokeStyle = ink.link;
    c.stroke(starts);
    const n = this.chosen;
    if (n && !n.off) {
      c.beginPath();
      c.arc(n.x, n.y, 19, 0, Math.PI * 2);
      Object.assign(c, { strokeStyle: ink.ink, lineWidth: 3 });
      c.stroke();
      c.beginPath();
      c.arc(n.x, n.y, 22, 0, Math.PI * 2);
      c.strokeStyle = ink.ring;
      c.stroke();
    }
  }

  paintNames(c, ink, seen, { width, height }) {
    c.font = FONT;
    c.textAlign = "left";
    c.lineJoin = "round";
    c.lineWidth = 4;
    c.strokeStyle = ink.paper;
    const half = Math.min(SIGN, SIGN * this.scale);
    const at = (n) => ({ x: n.x * this.scale + this.x, y: n.y * this.scale + this.y });
    // The chosen one first, then where the chart begins, then the most important: the server has ordered them so.
    const rank = (n) => (n === this.chosen ? 0 : n.start || n.way ? 1 : 2);
    const first = seen.filter((n) => !n.line).map((n, i) => [rank(n), i, n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const box = ({ x, y }) => [x - half, y - half, x + half, y + half];
    const wanted = first.slice(0, MANY).map(([first, , node]) => ({ node, must: first < 2, ...at(node), half, wide: this.letters(c, node.brief) + 2 }));
    const top = this.axis[0].length > 0 ? AXIS : 0;
    const edge = this.margin(width);
    // Of very many signs those under a name are no loss.
    const signs = half > 4 && seen.length <= MANY ? seen.map((n) => box(at(n))) : [];
    c.fillStyle = ink.ink;
    const shown = written(wanted, signs, { width, height, top, left: edge });
    for (const { node, left, base } of shown) {
      c.strokeText(node.brief, left, base);
      c.fillText(node.brief, left, base);
    }
    if (edge > 0) shown.push(...this.paintMargin(c, ink, { edge, top, height }));
    // Whoever found no room is named where somebody points, and while it is chosen: over whatever lies there.
    for (const node of new Set([this.chosen, this.pointed])) {
      if (!node || node.off || shown.some((s) => s.node === node)) continue;
      const wide = this.letters(c, node.brief);
      const { x, y } = at(node);
      const left = Math.min(Math.max(x - wide / 2, 4), width - wide - 4);
      const base = Math.min(y + half + 14, height - 6);
      c.fillStyle = ink.paper;
      c.fillRect(left - 3, base - 13, wide + 6, 18);
      c.fillStyle = ink.ink;
      c.fillText(node.brief, left, base);
    }
  }

  /** How wide the margin is in which the names of the lines stand: it stays where it is, as the axis does. */
  margin(width) {
    return this.lines.length > 0 ? Math.round(Math.min(190, width * 0.36)) : 0;
  }

  /** The names of the lines, each at its height; of those that lie nearer than letters are high, the most important. */
  paintMargin(c, ink, { edge, top, height }) {
    c.fillStyle = ink.paper;
    c.fillRect(0, top, edge, height);
    c.fillStyle = ink.muted;
    c.fillRect(edge - 1, top, 1, height);
    const shown = [];
    const lines = this.nodes.filter((n) => n.line && !n.off);
    const order = [...lines].sort((a, b) => (b === this.chosen) - (a === this.chosen) || b.start - a.start);
    for (const node of order) {
      const y = node.y * this.scale + this.y;
      if (y < top + 8 || y > height - 6 || shown.some((s) => Math.abs(s.y - y) < HIGH)) continue;
      c.font = node === this.chosen ? `600 ${FONT}` : FONT;
      c.fillStyle = ink.ink;
      c.fillText(this.cut(c, node.brief, edge - 14), 6, y + 4);
      shown.push({ node, y });
    }
    c.font = FONT;
    return shown;
  }

  /** As much of a name as has room. */
  cut(c, name, room) {
    if (this.letters(c, name) <= room) return name;
    const signs = [...name];
    while (signs.length > 1 && c.measureText(`${signs.join("")}…`).width > room) signs.pop();
    return `${signs.join("")}…`;
  }

  /** The whole chart on a canvas of its own, black on white. */
  whole(most = 8_000) {
    const box = this.bounds();
    const ratio = Math.min(2, most / Math.max(box.width, box.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((box.width + this.margin(box.width)) * ratio);
    canvas.height = Math.ceil(box.height * ratio);
    const copy = Object.assign(Object.create(Picture.prototype), this, { scale: 1, x: this.margin(canvas.width) - box.left, y: -box.top, chosen: null, pointed: null });
    const ink = { ink: "#1b1f24", paper: "#ffffff", muted: "#55606b", link: "#0b57a4", ring: "#ffd33d" };
    copy.paint(canvas.getContext("2d"), { width: box.width + this.margin(box.width), height: box.height, ratio }, ink);
    return canvas;
  }
}

function head(path, { from, to }) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const at = (back, side) => [to.x - ux * back - uy * side, to.y - uy * back + ux * side];
  path.moveTo(...at(15, 0));
  path.lineTo(...at(25, 5));
  path.lineTo(...at(25, -5));
  path.closePath();
}

function short(name) {
  const signs = [...name];
  return signs.length <= 26 ? name : `${signs.slice(0, 25).join("")}…`;
}

/** Two whose names would lie on one another stand nearer than this. */
const ROOM = { x: 132, y: 46 };

/** Room for what is new: where the server would put it, as seen from what was opened, but on nobody. What stands does not move. */
export function settle(old, fresh, anchor) {
  const standing = new Map(old.map((n) => [n.key, n]));
  const cells = new Map();
  const cell = (x, y) => `${Math.floor(x / ROOM.x)} ${Math.floor(y / ROOM.y)}`;
  const put = (n) => {
    const place = cell(n.x, n.y);
    cells.set(place, [...(cells.get(place) ?? []), n]);
  };
  const free = (x, y) => {
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        const near = cells.get(cell(x + dx * ROOM.x, y + dy * ROOM.y)) ?? [];
        if (near.some((n) => Math.abs(n.x - x) < ROOM.x && Math.abs(n.y - y) < ROOM.y)) return false;
      }
    }
    return true;
  };
  const added = [];
  for (const n of fresh) {
    const before = standing.get(n.key);
    if (before) {
      [n.x, n.y] = [before.x, before.y];
      put(n);
    } else added.push(n);
  }
  const [was, is] = [anchor && standing.get(anchor), anchor && fresh.find((n) => n.key === anchor)];
  const shift = was && is?.server ? { x: was.x - is.server.x, y: was.y - is.server.y } : { x: 0, y: 0 };
  for (const n of added) {
    const [x, y] = [n.x + shift.x, n.y + shift.y];
    // A spiral around the place, the nearest first.
    for (let step = 0; step < 1_500; step += 1) {
      const far = Math.sqrt(step) * 40;
      [n.x, n.y] = [x + Math.cos(step * 2.399963) * far * 1.6, y + Math.sin(step * 2.399963) * far];
      if (free(n.x, n.y)) break;
    }
    put(n);
  }
  return added.length;
}
