import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { openFolder } from "./folder.ts";

// For folder.test.ts: writes an object without an end, until it is killed.

const [folder = ""] = process.argv.slice(2);

async function* endless() {
  for (let i = 0; ; i++) {
    yield randomBytes(10_000);
    await sleep(5);
    if (i === 10) process.stdout.write("writing\n");
  }
}

await openFolder(folder).put("never/whole", Readable.from(endless()));
