// How long a chart takes from its data to the first full picture, beside cytoscape drawing the same graph at the same places, in turns, in
// one browser. Usage: node tests/chart-bench.mjs GRAPH.json [ROUNDS]; prints one JSON line: milliseconds of each round.
import { chromium } from "playwright-core";
import { build } from "esbuild";
import fs from "node:fs";

const [file, rounds = "5"] = process.argv.slice(2);
const text = fs.readFileSync(file, "utf8");
const entry = `
import { Picture, read } from "./src/chart-draw.js";
import cytoscape from "cytoscape";

// What a canvas was told is drawn once a pixel of it has been read back.
const drawn = (canvas) => canvas.getContext("2d").getImageData(0, 0, 1, 1).data[0];
const frame = () => new Promise((done) => requestAnimationFrame(() => done()));

globalThis.ours = async (text) => {
  const canvas = document.createElement("canvas");
  canvas.className = "stage";
  document.body.append(canvas);
  const began = performance.now();
  const data = JSON.parse(text);
  const picture = new Picture(canvas, data.looks);
  picture.show(read(data), []);
  picture.fit();
  picture.draw();
  drawn(canvas);
  await frame();
  const took = performance.now() - began;
  const seen = picture.nodes.length;
  const ink = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let dark = 0;
  for (let i = 0; i < ink.length; i += 4) if (ink[i] < 120) dark += 1;
  canvas.remove();
  return { took, seen, dark };
};

globalThis.theirs = async (text) => {
  const stage = document.createElement("div");
  stage.className = "stage";
  document.body.append(stage);
  const began = performance.now();
  const data = JSON.parse(text);
  const shapes = ["ellipse", "rectangle", "diamond", "hexagon", "octagon"];
  const cy = cytoscape({
    container: stage,
    elements: {
      nodes: data.nodes.map((n, i) => ({ data: { id: "n" + i, label: n[1], shape: shapes[i % 5] }, position: { x: n[4], y: n[5] } })),
      edges: data.edges.map((e, i) => ({ data: { id: "e" + i, source: "n" + e[0], target: "n" + e[1], line: ["solid", "dashed", "dotted"][e[3]] } })),
    },
    style: [
      { selector: "node", style: { width: 22, height: 22, shape: "data(shape)", "background-color": "#fff", "border-width": 2, "border-color": "#1b1f24", label: "data(label)", "font-size": 12, "min-zoomed-font-size": 6 } },
      { selector: "edge", style: { width: 1, "line-color": "#55606b", "line-style": "data(line)", "curve-style": "haystack" } },
    ],
    layout: { name: "preset", fit: true },
    textureOnViewport: false,
  });
  await new Promise((done) => cy.one("render", () => done()));
  for (const canvas of stage.querySelectorAll("canvas")) drawn(canvas);
  await frame();
  const took = performance.now() - began;
  const seen = cy.nodes().length;
  cy.destroy();
  stage.remove();
  return { took, seen, dark: 1 };
};`;
const bundle = await build({ stdin: { contents: entry, resolveDir: new URL("..", import.meta.url).pathname }, bundle: true, write: false, format: "iife", logLevel: "error" });
const executablePath = process.env.QORGAN_CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.setContent("<!doctype html><style>body{margin:0}.stage{position:absolute;width:1440px;height:900px}</style>");
await page.addScriptTag({ content: bundle.outputFiles[0].text });
const out = { ours: [], theirs: [], nodes: 0 };
for (let round = 0; round < Number(rounds); round += 1) {
  for (const side of ["theirs", "ours"]) {
    const { took, seen, dark } = await page.evaluate(([side, text]) => globalThis[side](text), [side, text]);
    if (!(dark > 0)) throw new Error(`${side} drew nothing`);
    out[side].push(took);
    out.nodes = seen;
  }
}
await browser.close();
console.log(JSON.stringify(out));
