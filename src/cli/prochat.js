#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// JavaScript, so that Node takes even main.ts from the cache, without its 19 MB of a compiler for TypeScript. Where the folder
// cannot be written, there is no cache. Not in the system's temporary folder: others could put code there.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/prochat"));
await import("./main.ts");
