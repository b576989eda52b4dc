import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";
import type { Plugin } from "vite";

/** Zopfli's gzip is 2% smaller than zlib's and takes a hundred times as long: 0.3 s for the widget. */
const maxZopfliBytes = 100_000;

/** Below that, the headers of an answer are larger than what compression saves. */
const minBytes = 300;

/** Writes each built file also as `.br` and `.gz`, which the server sends to browsers that accept them. */
export const compress = (outDir: string): Plugin => ({
  name: "compress",
  async closeBundle() {
    for (const name of readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|svg)$/.test(name)) continue;
      const path = join(outDir, name);
      const text = readFileSync(path);
      if (text.length < minBytes) continue;
      const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } };
      writeFileSync(`${path}.br`, brotliCompressSync(text, brotli));
      writeFileSync(
        `${path}.gz`,
        text.length > maxZopfliBytes ? gzipSync(text, { level: 9 }) : await gzipAsync(text, {}),
      );
    }
  },
});
