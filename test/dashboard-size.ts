import { readdirSync, readFileSync, statSync } from "node:fs";
import type { Manifest } from "vite";

/**
 * What a browser loads for the inbox, with Brotli: `npm run size:dashboard` prints it and fails above the bound, or if a
 * component has no style.
 */
const maxBytes = 250_000;

const dist = "dist/dashboard";
const manifest: Manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

const files = new Set<string>();
for (const entry of ["index.html", "app/pages/inbox.tsx", "features/inbox/nothing-chosen.tsx"]) addWithImports(entry);
const total = [...files].reduce((sum, file) => sum + sentBytes(`${dist}/${file}`), 0);
const fits = total <= maxBytes;
console.log(`inbox: ${total} bytes Brotli in ${files.size} files, bound ${maxBytes}${fits ? "" : ": TOO LARGE"}`);

const unstyled = listUnstyled();
for (const file of unstyled) console.log(`mantine.css lacks @import "@mantine/core/styles/${file}"`);
if (!fits || unstyled.length > 0) process.exitCode = 1;

function addWithImports(name: string): void {
  const { file, css = [], imports = [] } = manifest[name]!;
  if (files.has(file)) return;
  for (const each of [file, ...css]) files.add(each);
  for (const each of imports) addWithImports(each);
}

function sentBytes(path: string): number {
  return (statSync(`${path}.br`, { throwIfNoEntry: false }) ?? statSync(path)).size;
}

/** Mantine's style files with a class that the built code names, and the built styles lack. */
function listUnstyled(): string[] {
  const styles = readBuilt(".css");
  const named = new Set(readBuilt(".js").match(/\bm_[0-9a-f]+\b/g));
  const folder = "node_modules/@mantine/core/styles";
  return readdirSync(folder)
    .filter(name => name.endsWith(".css") && !name.endsWith(".layer.css"))
    .filter(name => {
      const classes = new Set(readFileSync(`${folder}/${name}`, "utf8").match(/(?<=\.)m_[0-9a-f]+/g));
      return [...classes].some(each => named.has(each) && !styles.includes(`.${each}`));
    });
}

function readBuilt(extension: string): string {
  const names = readdirSync(`${dist}/assets`).filter(name => name.endsWith(extension));
  return names.map(name => readFileSync(`${dist}/assets/${name}`, "utf8")).join("\n");
}
