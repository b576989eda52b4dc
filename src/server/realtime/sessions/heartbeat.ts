import type { Logger } from "pino";
import { limits } from "#protocol/limits.ts";

const tickMs = 1_000;
const ticks = Math.floor(limits.heartbeatMs / tickMs);

/** What is kept alive: a socket, or what stands for one. */
export type Pulse = {
  /** Nothing was heard of it since its last beat. */
  isSilent: boolean;
  /** Asks for a sign of life. */
  ping(): void;
  /** Sends the newest numbers. */
  beat(): Promise<void>;
  /** Ends it: its network has silently gone. */
  cut(reason: "silent"): void;
};

/**
 * Beats for everybody once a heartbeat, with one timer, spread over its seconds so that thousands do not ask the
 * database at once. Ends those of whom nothing was heard since the beat before.
 * @param pulses  whoever comes joins at its end, so that a round meets everybody once
 * @returns how to stop
 */
export function beatFor(pulses: ReadonlySet<Pulse>, log: Logger): () => void {
  let round = pulses.values();
  let tick = 0;
  let beaten = 0;

  function beatNext(): boolean {
    const { value: pulse, done } = round.next();
    if (done) return false;
    if (pulse.isSilent) {
      pulse.cut("silent");
      return true;
    }
    pulse.isSilent = true;
    pulse.ping();
    pulse.beat().catch(error => log.warn({ err: error }, "a heartbeat failed"));
    return true;
  }

  const timer = setInterval(() => {
    tick++;
    const isLast = tick === ticks;
    const due = isLast ? Number.POSITIVE_INFINITY : (pulses.size * tick) / ticks;
    while (beaten < due && beatNext()) beaten++;
    if (isLast) [round, tick, beaten] = [pulses.values(), 0, 0];
  }, tickMs);
  return () => clearInterval(timer);
}
