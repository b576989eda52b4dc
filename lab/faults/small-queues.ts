import { registerHooks } from "node:module";

// A server process loads this first. It shortens the queue of messages that wait to be stored, so that a few dozen clients
// fill it, as thousands would. It changes nothing else.

const maxWaiting = 2;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith("/src/platform/batcher.ts")) return loaded;
    const source = String(loaded.source);
    const shortened = source.replace("maxWaiting = 5_000", `maxWaiting = ${maxWaiting}`);
    if (shortened === source) throw new Error("The queue's bound was not found in src/platform/batcher.ts.");
    return { ...loaded, source: shortened };
  },
});
