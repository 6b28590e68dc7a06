// Draws a chart on a canvas: what stands where is given; nothing moves by itself. Thousands of nodes are drawn by
// look, each look in one stroke.

const DASHES = [[], [7, 4], [2, 4]];
/** Beyond so many nodes names are written only where they can be read, and nothing is animated. */
const MANY = 1_000;

/** The colours of the page as it is now. */
export function colours(element = document.documentElement) {
  const style = getComputedStyle(element);
  const of = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return { ink: of("--text", "#1b1f24"), paper: of("--surface", "#ffffff"), muted: of("--muted", "#55606b"), link: of("--link", "#0b57a4"), chosen: of("--selected", "#e3eefa"), ring: of("--focus-ring", "#ffd33d") };
}

/** Nodes and ties of the page's lists. */
export function read(data) {
  const nodes = data.nodes.map(([key, name, kind, look, x, y, count, href, state]) => ({
    key, name, kind, look, x, y, count, href, start: (state & 1) > 0, mayOpen: (state & 2) > 0, mayShut: (state & 4) > 0, mayHide: (state & 8) > 0, way: (state & 16) > 0, off: false,
  }));
  const edges = data.edges.map(([from, to, words, sure, count, directed, first, last]) => ({
    from: nodes[from], to: nodes[to], words, sure, width: 1 + Math.min(5, Math.floor(Math.log10(Math.max(1, count)))), directed: directed > 0, first, last, off: false,
  }));
  return { nodes, edges };
}

export class Picture {
  constructor(canvas, looks) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.looks = new Map(Object.entries(looks).map(([name, [shape, icon]]) => [name, { shape: new Path2D(shape), icon: new Path2D(icon) }]));
    this.nodes = [];
    this.edges = [];
    this.lines = [];
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.chosen = null;
    this.colours = colours();
    this.frame = 0;
  }

  /** Takes a chart over. */
  show({ nodes, edges }, lines = []) {
    this.nodes = nodes;
    this.edges = edges;
    this.lines = lines;
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
    return { left: left - 80, top: top - 40, width: right - left + 160, height: bottom - top + 90 };
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
    this.paintLines(c, ink);
    this.paintEdges(c, ink, inside);
    const seen = this.nodes.filter((n) => !n.off && inside(n));
    this.paintNodes(c, ink, seen);
    if (this.scale >= (seen.length > MANY ? 0.9 : 0.45)) this.paintNames(c, ink, seen);
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
      if (!inside(e.from) && !inside(e.to) && this.scale > 0.3) continue;
      const id = e.sure * 8 + e.width;
      let path = groups.get(id);
      if (!path) groups.set(id, (path = new Path2D()));
      path.moveTo(e.from.x, e.from.y);
      path.lineTo(e.to.x, e.to.y);
      if (e.directed && this.scale > 0.25) {
        head(heads, e);
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

  paintNames(c, ink, seen) {
    c.font = "12px system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif";
    c.textAlign = "center";
    c.lineJoin = "round";
    c.lineWidth = 4;
    c.strokeStyle = ink.paper;
    c.fillStyle = ink.ink;
    for (const n of seen) {
      const name = short(n.name);
      c.strokeText(name, n.x, n.y + 26);
      c.fillText(name, n.x, n.y + 26);
    }
  }

  /** The whole chart on a canvas of its own, black on white. */
  whole(most = 8_000) {
    const box = this.bounds();
    const ratio = Math.min(2, most / Math.max(box.width, box.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(box.width * ratio);
    canvas.height = Math.ceil(box.height * ratio);
    const copy = Object.assign(Object.create(Picture.prototype), this, { scale: 1, x: -box.left, y: -box.top, chosen: null });
    const ink = { ink: "#1b1f24", paper: "#ffffff", muted: "#55606b", link: "#0b57a4", ring: "#ffd33d" };
    copy.paint(canvas.getContext("2d"), { width: box.width, height: box.height, ratio }, ink);
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
  return signs.length <= 22 ? name : `${signs.slice(0, 21).join("")}…`;
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
