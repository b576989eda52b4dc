import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish, startProgram } from "#lab/programs/programs.ts";
import { questions } from "./peers/peer.ts";
import type { Report } from "./queries-report.ts";

/** A whole run on 200,000 messages. It fails if a peer's answer differs from the product's. Times are not checked. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prochat-bench-"));
});
afterAll(() => rm(folder, { recursive: true }));

const bench = (...args: string[]) => startProgram("bench/main.ts", ["queries", ...args]);

test("every schema gives the same answers, and every figure is in tables, JSON and charts", async () => {
  const page = join(folder, "page.md");
  const marks = ["begin", "end"].map(word => `<!-- ${word}: npm run bench -- queries -->`);
  await writeFile(page, `# Before\n\n${marks.join("\n\nwhat was measured last time\n\n")}\n\nAfter\n`);
  const out = join(folder, "figures");
  const { stdout } = await finish(
    bench(...["--messages", "200k", "--effort", "0.01", "--no-trigrams", "--out", out, "--page", page]),
  );

  const report: Report = JSON.parse(await readFile(join(out, "queries.json"), "utf8"));
  const [size] = report.sizes;
  expect(size).toMatchObject({ messages: 200_000, conversations: expect.any(Number) });
  expect(size!.peers.map(({ name }) => name)).toEqual(["guide-plain", "guide-indexed", "chatwoot", "libredesk"]);
  for (const { name, reads, inserts, storage } of size!.peers) {
    const asked = new Set(reads.map(({ question }) => question));
    const unasked = name.startsWith("guide") ? [] : ["unread-website"]; // Chatwoot and LibreDesk have no such count
    expect(Object.keys(questions).filter(question => !asked.has(question as never))).toEqual(unasked);
    for (const { ours, theirs } of reads) {
      for (const { medianMs, runs, rows } of [ours, theirs]) expect(Math.min(medianMs, runs, rows)).toBeGreaterThan(0);
    }
    for (const { perSecond } of Object.values(inserts)) expect(perSecond).toBeGreaterThan(0);
    expect(Math.min(storage.heapBytes, storage.indexBytes)).toBeGreaterThan(0);
    expect(storage.messages).toBeGreaterThan(190_000);
  }

  const charts = ["bytes-200k.svg", "inserts-200k.svg", "reads-200k.svg"];
  expect((await readdir(out)).sort()).toEqual([...charts, "queries.json"].sort());
  for (const chart of charts) expect(await readFile(join(out, chart), "utf8")).toContain("Chatwoot");

  const written = await readFile(page, "utf8");
  expect(written).toContain(stdout.trim());
  expect(written).toMatch(/^# Before[\s\S]*After\n$/);
  expect(written).not.toContain("last time");
  for (const chart of charts) expect(written).toContain(`(figures/${chart})`);
});

test.each([
  ["0", "--messages"],
  ["10k", "--messages"],
  ["-1M", "--messages"],
  ["1.5", "--messages"],
  ["many", "--effort"],
])("%s for %s is refused with what may be given", async (value, option) => {
  const { code, stderr } = await bench(`${option}=${value}`).ended;
  expect(stderr).toContain(`"${value}" is not a number`);
  expect(code).not.toBe(0);
});
