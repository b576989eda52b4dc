import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExportedColumn } from "./columns.ts";

const program = join(import.meta.dirname, "parquet-process.ts");
/** Of the process, for JavaScript's objects; with its buffers it stays below 400 MB: bench/lifecycle. */
const heapMb = 192;

/**
 * Parquet, written by a process of its own: its groups of rows take memory that a server does not have to spare.
 * @param rows  NDJSON
 */
export async function* toParquet(rows: AsyncIterable<Uint8Array>, columns: ExportedColumn[]): AsyncGenerator<Buffer> {
  const args = [`--max-old-space-size=${heapMb}`, program, JSON.stringify(columns)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"], env: {} });
  let errors = "";
  child.stderr.on("data", chunk => {
    errors = `${errors}${chunk}`.slice(0, 2_000);
  });
  const ended = once(child, "close");
  const fed = pipeline(Readable.from(rows, { objectMode: false }), child.stdin);
  fed.catch(() => {}); // awaited below, when the output has ended
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    await fed.catch(error => {
      if (error.code !== "EPIPE") throw error; // otherwise the process says why it ended
    });
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`The process that writes Parquet ended with ${signal ?? code}: ${errors.trim()}`);
  } finally {
    child.kill("SIGKILL");
  }
}
