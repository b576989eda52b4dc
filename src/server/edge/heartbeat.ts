import type { Logger } from "pino";
import { limits } from "#protocol/limits.ts";

const slotMs = 1_000;
const slotCount = Math.floor(limits.heartbeatMs / slotMs);

/** What is kept alive: a socket, or what stands for one. */
export type Pulse = {
  /** Asks for a sign of life. */
  ping(): void;
  /** Sends the newest numbers. */
  beat(): Promise<void>;
  /** Ends it: its network has silently gone. */
  cut(): void;
};

/**
 * Beats for everybody once a heartbeat, with one timer, spread over its seconds so that thousands do not ask the
 * database at once. Ends those of whom nothing was heard since the beat before.
 */
export function createHeartbeat(log: Logger) {
  const slots = Array.from({ length: slotCount }, () => new Set<Pulse>());
  const silent = new WeakSet<Pulse>();
  let current = 0;
  let next = 0;

  const timer = setInterval(() => {
    current = (current + 1) % slotCount;
    for (const pulse of slots[current]!) {
      if (silent.has(pulse)) {
        pulse.cut();
        continue;
      }
      silent.add(pulse);
      pulse.ping();
      pulse.beat().catch(error => log.warn({ err: error }, "a heartbeat failed"));
    }
  }, slotMs);

  return {
    /** @returns how to stop */
    add(pulse: Pulse): () => void {
      next = (next + 1) % slotCount;
      const slot = slots[next]!;
      slot.add(pulse);
      return () => slot.delete(pulse);
    },
    heard: (pulse: Pulse) => void silent.delete(pulse),
    stop: () => clearInterval(timer),
  };
}

export type Heartbeat = ReturnType<typeof createHeartbeat>;
