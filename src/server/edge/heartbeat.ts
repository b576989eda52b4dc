import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { limits } from "#protocol/limits.ts";

const slotMs = 1_000;
const slotCount = Math.floor(limits.heartbeatMs / slotMs);

/**
 * Beats for every socket once a heartbeat, spread over its seconds so that thousands do not ask the database at once.
 * Ends those whose network has silently gone: no pong since the beat before.
 */
export function createHeartbeat(log: Logger) {
  const slots = Array.from({ length: slotCount }, () => new Map<WebSocket, () => Promise<void>>());
  const slotOf = new WeakMap<WebSocket, number>();
  const silent = new WeakSet<WebSocket>();
  let current = 0;
  let next = 0;

  const timer = setInterval(() => {
    current = (current + 1) % slotCount;
    for (const [ws, beat] of slots[current]!) {
      if (silent.has(ws)) {
        ws.terminate();
        continue;
      }
      silent.add(ws);
      ws.ping();
      beat().catch(error => log.warn({ err: error }, "a heartbeat failed"));
    }
  }, slotMs);

  return {
    add(ws: WebSocket, beat: () => Promise<void>) {
      next = (next + 1) % slotCount;
      slotOf.set(ws, next);
      slots[next]!.set(ws, beat);
      ws.on("pong", () => silent.delete(ws));
    },
    remove(ws: WebSocket) {
      slots[slotOf.get(ws) ?? 0]!.delete(ws);
    },
    stop: () => clearInterval(timer),
  };
}
