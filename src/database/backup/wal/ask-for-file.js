import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

// PostgreSQL's restore_command: ask-for-file.js <address of serve.ts> <file> <path>. It is started for each segment: so it
// imports nothing else, and is JavaScript (Node strips types in 0.36 s of processor time, and starts this in 0.12 s). A status of
// 1 means that there is no such file: recovery ends there. A status above 125 ends PostgreSQL, so that a store that is away is not
// taken for the end of the WAL.

const [address = "", name = "", path = ""] = process.argv.slice(2);

get(`${address}/${name}`, async response => {
  if (response.statusCode === 404) process.exit(1);
  if (response.statusCode !== 200) return fail(await text(response));
  try {
    await pipeline(response, createWriteStream(`${path}.unfinished`, { mode: 0o600, flush: true }));
    await rename(`${path}.unfinished`, path);
  } catch (error) {
    fail(String(error));
  }
}).on("error", error => fail(error.message));

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`${reason}\n`); // into PostgreSQL's log
  process.exit(200);
}
