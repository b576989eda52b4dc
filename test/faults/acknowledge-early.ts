import { registerHooks } from "node:module";

// A server process loads this first. It breaks the server's first promise: messages are acknowledged before they are
// committed. broken.test.ts tests that the checker detects it.

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isReplaced = resolved.url.endsWith("/src/server/features/messages/write.ts");
    const isForUs = context.parentURL?.endsWith("/early-write.ts");
    return isReplaced && !isForUs ? { ...resolved, url: new URL("./early-write.ts", import.meta.url).href } : resolved;
  },
});
