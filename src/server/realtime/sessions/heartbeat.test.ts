import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limits } from "#protocol/limits.ts";
import { beatFor, type Pulse } from "./heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Told = Pulse & { beats: number[]; wasCut: boolean };

/** @param lives  answers each ping */
function createPulse(lives = true): Told {
  const pulse: Told = {
    isSilent: false,
    beats: [],
    wasCut: false,
    ping() {
      if (lives) pulse.isSilent = false;
    },
    async beat() {
      pulse.beats.push(Date.now());
    },
    cut() {
      pulse.wasCut = true;
    },
  };
  return pulse;
}

function beat(pulses: Told[]) {
  const open = new Set(pulses);
  return { open, stop: beatFor(open, pino({ level: "silent" })) };
}

test("everybody is beaten for once a heartbeat, spread over its seconds", () => {
  const pulses = Array.from({ length: 1_000 }, () => createPulse());
  const { stop } = beat(pulses);
  const begun = Date.now();
  vi.advanceTimersByTime(3 * limits.heartbeatMs);
  for (const { beats } of pulses) {
    expect(beats).toHaveLength(3);
    expect([beats[1]! - beats[0]!, beats[2]! - beats[1]!]).toEqual([limits.heartbeatMs, limits.heartbeatMs]);
  }
  const atOnce = pulses.filter(({ beats }) => beats[0] === begun + 1_000);
  expect(atOnce).toHaveLength(40);
  stop();
  vi.advanceTimersByTime(2 * limits.heartbeatMs);
  expect(pulses[0]!.beats).toHaveLength(3);
});

test("while people come and go nobody waits for two heartbeats, which clients take for the end", () => {
  const { open, stop } = beat([]);
  const stayed = Array.from({ length: 50 }, () => createPulse());
  for (let second = 0; second < 200; second++) {
    if (second < stayed.length) open.add(stayed[second]!);
    for (let n = 0; n < (second % 40) * 5; n++) open.add(createPulse());
    const leaving = [...open].filter((pulse, n) => !stayed.includes(pulse) && (second % 50 === 0 || n % 7 === 0));
    for (const pulse of leaving) open.delete(pulse);
    vi.advanceTimersByTime(1_000);
  }
  const pauses = stayed.flatMap(({ beats }) => beats.slice(1).map((at, n) => at - beats[n]!));
  expect(Math.max(...pauses)).toBeLessThan(2 * limits.heartbeatMs);
  expect(Math.min(...stayed.map(({ beats }) => beats.length))).toBeGreaterThan(4);
  stop();
});

test("whoever was not heard since the beat before is cut off, and a beat that fails holds up nobody", () => {
  const [dead, failing, well] = [createPulse(false), createPulse(), createPulse()];
  failing.beat = () => Promise.reject(new Error("no database"));
  const { stop } = beat([dead, failing, well]);
  vi.advanceTimersByTime(limits.heartbeatMs);
  expect([dead.wasCut, dead.beats.length]).toEqual([false, 1]);
  vi.advanceTimersByTime(limits.heartbeatMs);
  expect([dead.wasCut, failing.wasCut, well.wasCut]).toEqual([true, false, false]);
  expect([dead.beats.length, well.beats.length]).toEqual([1, 2]);
  stop();
});
