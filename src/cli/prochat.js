#!/usr/bin/env node
import module from "node:module";
import { join } from "node:path";

if (!module.enableCompileCache) {
  console.error(
    `This is Node ${process.versions.node}. Run npx prochat, which takes the newer Node that npm ci has installed.`,
  );
  process.exit(1);
}
// JavaScript, so that Node takes even main.ts from the cache, without its 19 MB of a compiler for TypeScript. Where the folder
// cannot be written, there is no cache. Not in the system's temporary folder: others could put code there.
module.enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/prochat"));
await import("./main.ts");
