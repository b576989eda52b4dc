import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limits } from "#protocol/limits.ts";
import { type HeartbeatTarget, startHeartbeats } from "./heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Told = HeartbeatTarget & { beats: number[]; isTerminated: boolean };

/** @param lives  it answers each ping */
function createTarget(lives = true): Told {
  const target: Told = {
    isSilent: false,
    beats: [],
    isTerminated: false,
    ping() {
      if (lives) target.isSilent = false;
    },
    async sendHeartbeat() {
      target.beats.push(Date.now());
    },
    terminate() {
      target.isTerminated = true;
    },
  };
  return target;
}

function start(targets: Told[]) {
  const open = new Set(targets);
  return { open, stop: startHeartbeats(open, pino({ level: "silent" })) };
}

test("each connection gets one heartbeat per interval, spread over the interval", () => {
  const targets = Array.from({ length: 1_000 }, () => createTarget());
  const { stop } = start(targets);
  const begun = Date.now();
  vi.advanceTimersByTime(3 * limits.heartbeatMs);
  for (const { beats } of targets) {
    expect(beats).toHaveLength(3);
    expect([beats[1]! - beats[0]!, beats[2]! - beats[1]!]).toEqual([limits.heartbeatMs, limits.heartbeatMs]);
  }
  const atOnce = targets.filter(({ beats }) => beats[0] === begun + 1_000);
  expect(atOnce).toHaveLength(40);
  stop();
  vi.advanceTimersByTime(2 * limits.heartbeatMs);
  expect(targets[0]!.beats).toHaveLength(3);
});

test("while connections open and close, none waits as long as two heartbeats, after which clients reconnect", () => {
  const { open, stop } = start([]);
  const stayed = Array.from({ length: 50 }, () => createTarget());
  for (let second = 0; second < 200; second++) {
    if (second < stayed.length) open.add(stayed[second]!);
    for (let n = 0; n < (second % 40) * 5; n++) open.add(createTarget());
    const leaving = [...open].filter((target, n) => !stayed.includes(target) && (second % 50 === 0 || n % 7 === 0));
    for (const target of leaving) open.delete(target);
    vi.advanceTimersByTime(1_000);
  }
  const pauses = stayed.flatMap(({ beats }) => beats.slice(1).map((at, n) => at - beats[n]!));
  expect(Math.max(...pauses)).toBeLessThan(2 * limits.heartbeatMs);
  expect(Math.min(...stayed.map(({ beats }) => beats.length))).toBeGreaterThan(4);
  stop();
});

test("a connection that was silent since its last heartbeat is terminated, and a failed heartbeat delays no other", () => {
  const [dead, failing, well] = [createTarget(false), createTarget(), createTarget()];
  failing.sendHeartbeat = () => Promise.reject(new Error("no database"));
  const { stop } = start([dead, failing, well]);
  vi.advanceTimersByTime(limits.heartbeatMs);
  expect([dead.isTerminated, dead.beats.length]).toEqual([false, 1]);
  vi.advanceTimersByTime(limits.heartbeatMs);
  expect([dead.isTerminated, failing.isTerminated, well.isTerminated]).toEqual([true, false, false]);
  expect([dead.beats.length, well.beats.length]).toEqual([1, 2]);
  stop();
});
