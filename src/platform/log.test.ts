import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLog, logOf } from "./log.ts";
import { parseLogLevels } from "./log-levels.ts";
import { inBatch, inRequest } from "./requests/request-context.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-29T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

function open(logLevel: string, logFormat: "json" | "text" = "json") {
  const written: string[] = [];
  const config = { logLevel, logFormat };
  const log = createLog(config, undefined, { write: line => void written.push(line) });
  return {
    log,
    of: (part: "jobs" | "http") => logOf(log, part, config),
    written,
    read: () => written.map(line => JSON.parse(line)),
  };
}

test("a repeated line is written at once, and then once a minute with its count", () => {
  const { log, read } = open("info");
  for (let i = 0; i < 1_000; i++) log.warn("the database did not answer");
  expect(read()).toHaveLength(1);
  vi.advanceTimersByTime(70_000);
  expect(read().slice(1)).toMatchObject([{ msg: "the database did not answer", repeated: 999 }]);
  for (let i = 0; i < 10; i++) log.warn("the database did not answer");
  vi.advanceTimersByTime(70_000);
  expect(read().slice(2)).toMatchObject([{ repeated: 10 }]);
  vi.advanceTimersByTime(140_000); // silent for a minute: the next one is new
  log.warn("the database did not answer");
  expect(read()).toHaveLength(4);
  expect(read()[3]).not.toHaveProperty("repeated");
});

test("lines of another query, error, level or part are other lines; those of debug are all written", () => {
  const { log, of, read } = open("debug");
  for (const query of ["a", "b", "a"]) log.warn({ query }, "slow query");
  for (const code of ["08006", "57P01", "08006"])
    log.warn({ err: Object.assign(new Error("gone"), { code }) }, "failed");
  for (const line of [log, of("jobs"), of("http")]) line.info("started");
  log.error("started");
  for (let i = 0; i < 3; i++) log.debug("again");
  expect(read().map(({ msg }) => msg)).toEqual([
    ...["slow query", "slow query", "failed", "failed"],
    ...Array(4).fill("started"),
    ...Array(3).fill("again"),
  ]);
});

test("each part has its level, and the others the first one", () => {
  const { log, of, read } = open("error,jobs=debug");
  log.warn("not written");
  of("http").warn("not written");
  of("jobs").debug("written");
  expect(read()).toMatchObject([{ msg: "written", part: "jobs", level: 20 }]);
});

test.each([
  ["verbose", '"verbose" is none of the levels debug, info, warn, error'],
  ["info,job=debug", '"job" is none of the parts http, socket, database, jobs, backups, health, redis'],
  ["jobs=loud", '"loud" is none of the levels debug, info, warn, error'],
  ["jobs=debug,info", '"info" is for all parts, so it comes first'],
])("LOG_LEVEL=%s is refused in words", (text, why) => {
  expect(() => parseLogLevels(text)).toThrow(why);
});

test("each line of a request has its id; of a batch of one, too", () => {
  const { log, read } = open("info");
  inRequest("r-1", () => log.info("in a request"));
  inBatch(["r-2"], null, () => log.info("in a batch of one"));
  inBatch(["r-1", "r-2"], null, () => log.info("in a batch of two"));
  log.info("outside");
  expect(read().map(({ request }) => request)).toEqual(["r-1", "r-2", undefined, undefined]);
});

test("an error is logged without what the driver adds: the values of a key are in it", () => {
  const { log, written } = open("info");
  const detail = "Key (email)=(marker@mail.example) already exists.";
  log.error(
    { err: Object.assign(new Error("duplicate key"), { code: "23505", detail, parameters: ["marker"] }) },
    "failed",
  );
  expect(written[0]).toContain("duplicate key");
  expect(written[0]).not.toContain("marker");
});

test("for people a line is one of text, with what happened first", () => {
  const { of, written } = open("info", "text");
  inRequest("r-1", () => of("jobs").warn({ query: "a page", ms: 12 }, "slow query"));
  of("jobs").error(
    { err: Object.assign(new Error("no answer"), { stack: "Error: no answer\n    at here" }) },
    "failed",
  );
  expect(written).toEqual([
    '12:00:00.000 WARN  [jobs] slow query request=r-1 query="a page" ms=12\n',
    '12:00:00.000 ERROR [jobs] failed error="no answer"\n    at here\n',
  ]);
});
