// Bundles the islands into web/dist, which the binary embeds. Pages work without them.
import { build } from "esbuild";
import { rmSync } from "node:fs";

rmSync(new URL("dist", import.meta.url), { recursive: true, force: true });

const result = await build({
  absWorkingDir: new URL(".", import.meta.url).pathname,
  // The chart comes only where one is opened.
  entryPoints: ["src/portal.js", "src/desk.js", "src/chart.js"],
  outdir: "dist",
  bundle: true,
  define: { sessionStorage: "noStorage", localStorage: "noStorage" },
  inject: ["src/no-storage.js"],
  format: "esm",
  target: ["es2020", "chrome90", "firefox90", "safari14.1"],
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) {
  console.log(`${file} ${bytes} bytes`);
}
