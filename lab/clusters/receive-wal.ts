import { setInterval } from "node:timers/promises";
import { startReceiver } from "#database/backup/wal/receiver.ts";
import { openFolder } from "#platform/storage/folder.ts";

// Usage: receive-wal.ts <URL> <slot> <folder of the store> <folder in it>. A program of its own, for tests that kill it. It
// prints the receiver's state when it changes. SIGTERM stops it.

const print = (message: string) => console.log(message);
const [url = "", slot = "", store = "", folder = ""] = process.argv.slice(2);

const receiver = startReceiver({
  url,
  slot,
  archive: { storage: openFolder(store), folder, cipher: null },
  partMs: 200,
  log: { debug() {}, info: print, warn: print, error: print },
  prepare: async () => {},
  onGap: async gap => print(`gap ${JSON.stringify(gap)}`),
});
process.once("SIGTERM", async () => {
  await receiver.stop();
  process.exit(0);
});

let last = "";
for await (const _ of setInterval(20)) {
  const { state } = receiver.status();
  if (state !== last) console.log(state);
  last = state;
}
