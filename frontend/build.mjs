// Builds everything the browser needs into static/: styles, scripts, fonts. File names are stable;
// the server adds a content hash when it collects them.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "static");
const modules = path.join(here, "node_modules");

async function styles() {
  const { css } = sass.compile(path.join(here, "styles/app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, charset: "utf8" });
  await writeFile(path.join(out, "app.css"), code);
}

async function scripts() {
  await esbuild.build({
    entryPoints: { app: path.join(here, "scripts/app.js"), echarts: path.join(here, "scripts/echarts.js"), "field-worker": path.join(here, "scripts/field-worker.js") },
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2019",
    legalComments: "none",
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
  });
}

// Screen fonts: slices by unicode range, so a page loads only the slices it shows.
async function screenFonts() {
  const source = path.join(modules, "@fontsource-variable/noto-sans-sc");
  const css = await readFile(path.join(source, "index.css"), "utf8");
  const faces = css
    .replace(/\/\*.*?\*\//gs, "")
    .replaceAll("Noto Sans SC Variable", "Siban Sans")
    .replaceAll("./files/", "fonts/");
  const { code } = await esbuild.transform(faces, { loader: "css", minify: true });
  await writeFile(path.join(out, "fonts.css"), code);
  for (const [, name] of faces.matchAll(/url\(fonts\/([^)]+)\)/g)) {
    await cp(path.join(source, "files", name), path.join(out, "fonts", name));
  }
}

// Paper fonts: whole TrueType files for documents made as PDF.
async function paperFonts() {
  const faces = [
    ["noto-sans-sc/400Regular", "NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf"],
    ["noto-sans-sc/700Bold", "NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf"],
    ["noto-serif-sc/400Regular", "NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular.ttf"],
    ["noto-serif-sc/700Bold", "NotoSerifSC_700Bold.ttf", "NotoSerifSC-Bold.ttf"],
  ];
  for (const [folder, from, to] of faces) {
    await cp(path.join(modules, "@expo-google-fonts", folder, from), path.join(out, "fonts", to));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "fonts"), { recursive: true });
await cp(path.join(here, "images"), out, { recursive: true });
await Promise.all([styles(), scripts(), screenFonts(), paperFonts()]);
console.log("built static/");
