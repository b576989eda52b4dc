import type { Logger } from "pino";
import { limits } from "#protocol/limits.ts";

const tickMs = 1_000;
const ticks = Math.floor(limits.heartbeatMs / tickMs);

/** A connection that is kept alive. */
export type HeartbeatTarget = {
  /** True if nothing has arrived since its last heartbeat. */
  isSilent: boolean;
  /** Asks the client for a sign of life. */
  ping(): void;
  /** Sends the newest numbers. */
  sendHeartbeat(): Promise<void>;
  /** Ends it: its network failed without a close. */
  terminate(reason: "silent"): void;
};

/**
 * Sends heartbeats to all connections from one timer, spread over the interval to avoid a burst of queries. Terminates
 * connections that were silent since their last heartbeat.
 * @param targets  new ones join at the end of a round, so that each gets one heartbeat a round
 * @returns stops it
 */
export function startHeartbeats(targets: ReadonlySet<HeartbeatTarget>, log: Logger): () => void {
  let round = targets.values();
  let tick = 0;
  let sent = 0;

  function sendNext(): boolean {
    const { value: target, done } = round.next();
    if (done) return false;
    if (target.isSilent) {
      target.terminate("silent");
      return true;
    }
    target.isSilent = true;
    target.ping();
    target.sendHeartbeat().catch(error => log.warn({ err: error }, "a heartbeat failed"));
    return true;
  }

  const timer = setInterval(() => {
    tick++;
    const isLast = tick === ticks;
    const due = isLast ? Number.POSITIVE_INFINITY : (targets.size * tick) / ticks;
    while (sent < due && sendNext()) sent++;
    if (isLast) [round, tick, sent] = [targets.values(), 0, 0];
  }, tickMs);
  return () => clearInterval(timer);
}
