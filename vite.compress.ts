import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Below that, the headers of an answer are larger than what compression saves. */
const minBytes = 300;

/** Writes each built file also as `.br` and `.gz`, which the server sends to browsers that accept them. */
export const compress = (outDir: string): Plugin => ({
  name: "compress",
  closeBundle() {
    for (const name of readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      const path = join(outDir, name);
      const text = readFileSync(path);
      if (text.length < minBytes) continue;
      const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
      writeFileSync(`${path}.br`, brotliCompressSync(text, brotli));
      writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
    }
  },
});
