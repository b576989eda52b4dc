import fc from "fast-check";
import { expect, test } from "vitest";
import type { HealthCheck, HealthLevel } from "#protocol/health.ts";
import { type AlertState, alertRules, judge, type OpenAlert, observe } from "./judge.ts";

const minute = 60_000;

/** Runs the rules a run a minute over these levels. @returns what changed, with the minute */
function play(levels: HealthLevel[], id = "disk-free"): [minute: number, change: string][] {
  let states: AlertState[] = [];
  let open: OpenAlert[] = [];
  return levels.flatMap((level, at) => {
    const check = { id, level } as HealthCheck;
    const observed = new Map([[id, { check, host: null }]]);
    const judged = judge(observed, { states, open, now: new Date(at * minute), rules: alertRules });
    states = judged.states;
    return judged.changes.map(change => {
      if (change.kind === "open") open = [{ id: `alert-${at}`, checkId: id, level: change.level }];
      else if (change.kind === "raise") open = open.map(alert => ({ ...alert, level: "error" as const }));
      else open = [];
      return [at, change.kind === "open" ? `${change.kind} ${change.level}` : change.kind] as [number, string];
    });
  });
}

const runs = (level: HealthLevel, count: number): HealthLevel[] => Array(count).fill(level);

test("two bad runs open an alert, three good ones clear it, and nothing is repeated between", () => {
  expect(play([...runs("ok", 3), ...runs("error", 60), ...runs("ok", 10)])).toEqual([
    [4, "open error"],
    [65, "clear"],
  ]);
});

test("one bad run is no alert, and two good ones clear none", () => {
  expect(play([...runs("ok", 2), "error", ...runs("ok", 5)])).toEqual([]);
  expect(play([...runs("warn", 20), "ok", "ok", ...runs("warn", 20)])).toEqual([[1, "open warn"]]);
});

test("a warning that becomes an error is sent once more; one that gets better is not", () => {
  expect(play([...runs("warn", 5), ...runs("error", 5), ...runs("warn", 5), ...runs("error", 5)])).toEqual([
    [1, "open warn"],
    [6, "raise"],
  ]);
});

test("unknown is neither well nor bad", () => {
  expect(play(runs("unknown", 30))).toEqual([]);
  expect(play(["error", ...runs("unknown", 30)])).toEqual([]);
  expect(play([...runs("error", 2), ...runs("unknown", 30)])).toEqual([[1, "open error"]]);
  expect(play([...runs("error", 2), "ok", "ok", ...runs("unknown", 30), "ok"])).toEqual([
    [1, "open error"],
    [34, "clear"],
  ]);
});

test("a database that does not answer is no alert here: its own alert needs no database", () => {
  expect(play(runs("error", 10), "database")).toEqual([]);
  expect(play(runs("warn", 10), "database")).toEqual([[1, "open warn"]]);
});

test("a check that has no meaning any more is cleared", () => {
  const open = [{ id: "alert", checkId: "redis-memory", level: "warn" as const }];
  let states: AlertState[] = [];
  const found = [0, 1, 2].flatMap(at => {
    const judged = judge(new Map(), { states, open, now: new Date(at * minute), rules: alertRules });
    states = judged.states;
    return judged.changes.map(({ kind }) => kind);
  });
  expect(found).toEqual(["clear"]);
});

test("however a check goes up and down, it sends at most two notices in ten minutes, and none about what is well", () => {
  const level = fc.constantFrom<HealthLevel>("ok", "ok", "warn", "error", "unknown");
  const phases = fc.array(fc.tuple(level, fc.integer({ min: 1, max: 6 })), { maxLength: 40 });
  fc.assert(
    fc.property(phases, phases => {
      const changes = play(phases.flatMap(([each, count]) => runs(each, count)));
      for (const [index, [at]] of changes.entries()) {
        const twoBefore = changes[index - 2];
        if (twoBefore) expect(at - twoBefore[0]).toBeGreaterThanOrEqual(10);
      }
    }),
    { numRuns: 300 },
  );
  expect(play(Array.from({ length: 10 }, (_, at) => (at % 5 < 2 ? "error" : "ok")))).toHaveLength(2);
});

test("what lasts after a flapping check is an alert, and what is mended is cleared", () => {
  const flapping = Array.from({ length: 40 }, (_, at): HealthLevel => (at % 5 < 2 ? "error" : "ok"));
  expect(play([...flapping, ...runs("error", 15)]).at(-1)![1]).toBe("open error");
  expect(play([...flapping, ...runs("ok", 15)]).at(-1)![1]).toBe("clear");
});

test("of several servers the worst that one knows counts, and an unknown one says nothing", () => {
  const report = (level: HealthLevel, about = "server") => ({
    host: level,
    report: { checks: [{ id: "heap", about, level } as HealthCheck] } as never,
  });
  expect(observe([report("ok"), report("error"), report("warn")]).get("heap")).toMatchObject({ host: "error" });
  expect(observe([report("unknown"), report("ok")]).get("heap")!.check.level).toBe("ok");
  expect(observe([report("unknown")]).get("heap")!.check.level).toBe("unknown");
  expect(observe([report("warn", "database"), report("ok", "database")]).get("heap")).toMatchObject({ host: null });
  expect(observe([report("warn")]).get("heap")).toMatchObject({ host: null });
});
