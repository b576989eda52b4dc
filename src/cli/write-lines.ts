import { pipeline } from "node:stream/promises";

/** Writes lines at the speed of stdout's reader. If the reader closes stdout, it ends without an error. */
export async function writeLines(pages: AsyncIterable<string[]>): Promise<void> {
  const chunks = async function* () {
    for await (const lines of pages) yield lines.map(line => `${line}\n`).join("");
  };
  await pipeline(chunks, process.stdout, { end: false }).catch(error => {
    if (error.code !== "EPIPE") throw error;
  });
}
