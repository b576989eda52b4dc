import { registerHooks } from "node:module";

// Loaded first by a server process, it makes the server break its first promise: messages are acknowledged before they
// are committed. That the checker sees it is what broken.test.ts is for.

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isReplaced = resolved.url.endsWith("/src/server/features/messages/write.ts");
    const isForUs = context.parentURL?.endsWith("/early-write.ts");
    return isReplaced && !isForUs ? { ...resolved, url: new URL("./early-write.ts", import.meta.url).href } : resolved;
  },
});
