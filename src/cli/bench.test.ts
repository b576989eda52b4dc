import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase, createEmptyDatabase } from "#lab/clusters/databases.ts";
import { canMount, makeFolder, mountDisk } from "#lab/programs/folders.ts";
import { runCli, startProgram } from "#lab/programs/programs.ts";

async function migrated() {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  return { DATABASE_URL: database.url, DATA_DIR: makeFolder() };
}

async function countMessages(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("select count(*)::integer as count from messages");
  await client.end();
  return rows[0].count;
}

const generate = (env: Record<string, string>, ...args: string[]) => runCli(["bench", "generate", ...args], { env });

/** One line on stderr, status 1, and nothing was written. */
async function expectRefused(args: string[], line: RegExp): Promise<void> {
  const env = await migrated();
  const { code, stdout, stderr } = await generate(env, ...args);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(line) });
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(await countMessages(env.DATABASE_URL)).toBe(0);
}

const messages = (count: string) => ["--messages", count];

test("its help lists the options", async () => {
  const { code, stdout } = await runCli(["bench", "generate", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/--messages <count>[\s\S]*--beside-real-websites[\s\S]*reset-password/);
});

test.each([
  [messages("0"), /--messages is 0\. Give a whole number from 1 to 1,000,000,000/],
  [messages("-5"), /--messages is -5\./],
  [messages("1.5"), /--messages is 1\.5\./],
  [messages("1e12"), /--messages is 1000000000000\./],
  [messages("Infinity"), /--messages is Infinity\./],
  [[...messages("100"), "--websites", "101"], /--websites is 101\. Give .* 1 to 100 \(there are no more messages\)/],
  [[...messages("1e6"), "--websites", "100001"], /--websites is 100001\. Give .* 1 to 100,000\./],
  [[...messages("100"), "--websites", "0"], /--websites is 0\./],
  [[...messages("100"), "--months", "241"], /--months is 241\. Give .* 1 to 240\./],
  [[...messages("100"), "--months", "0.5"], /--months is 0\.5\./],
  [[...messages("100"), "--seed", "-1"], /--seed is -1\./],
  [[...messages("100"), "--owner", "nobody@shop.example"], /nobody@shop\.example/],
])("invalid numbers are refused with their range: %j", expectRefused);

test.each([[[]], [messages("many")], [messages("")], [[...messages("10"), "--corpus"]]])(
  "wrong usage has status 2: prochat bench generate %j",
  async args => {
    expect(await generate(await migrated(), ...args)).toMatchObject({ code: 2, stdout: "" });
  },
);

const dialogue = JSON.stringify({ id: "1", services: ["Pets_1"], turns: [["visitor", "Hi"]] });
const withTurns = (turns: unknown) => JSON.stringify({ services: ["Pets_1"], turns });

test.each([
  ["that is empty", "", /corpus holds no dialogue/],
  ["that is no JSON", `${dialogue}\nnot json`, /corpus, line 2, is not JSON/],
  ["of other JSON", `${dialogue}\n\n[1, 2]`, /corpus, line 3, is not a dialogue/],
  ["without turns", withTurns([]), /line 1, is not a dialogue: .*turns/],
  ["without a topic", JSON.stringify({ services: [], turns: [["visitor", "Hi"]] }), /line 1, .*services/],
  ["of somebody else", withTurns([["robot", "Hi"]]), /line 1, .*turns\.0\.0/],
  ["with an empty text", withTurns([["visitor", ""]]), /line 1, .*turns\.0\.1/],
  ["with too long a text", withTurns([["visitor", "x".repeat(10_001)]]), /line 1, .*10000/],
  ["with a character that no database takes", withTurns([["visitor", "a\0b"]]), /line 1, .*turns\.0\.1/],
  ["where the visitor is silent", withTurns([["agent", "Hi"]]), /line 1, .*has no turn of the visitor/],
  ["that was cut off", gzipSync(dialogue.repeat(100)).subarray(0, 40), /corpus begins as gzip but is damaged/],
  ["of noise", Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9]), /corpus begins as gzip but is damaged/],
])("a corpus %s is refused by file, line and what was expected", async (_what, content, line) => {
  const path = join(makeFolder(), "corpus");
  writeFileSync(path, content);
  const expected = "Expected of a corpus: one JSON object a line";
  await expectRefused([...messages("100"), "--corpus", path], new RegExp(`${line.source}.*${expected}`));
});

test("a corpus that does not exist, or is a folder, is refused", async () => {
  await expectRefused([...messages("100"), "--corpus", "/nowhere/corpus.gz"], /There is no file \/nowhere\/corpus\.gz/);
  await expectRefused([...messages("100"), "--corpus", makeFolder()], /cannot be read \(.*EISDIR/);
});

test("a corpus gives the texts and the websites' names, gzipped or not", async () => {
  const turns = [
    ["visitor", "Do you sell parrots? 🦜"],
    ["agent", "Only budgies."],
  ];
  const content = `${JSON.stringify({ services: ["Pet_shop"], turns })}\n`;
  for (const bytes of [Buffer.from(content), gzipSync(content)]) {
    const env = await migrated();
    const path = join(makeFolder(), "corpus");
    writeFileSync(path, bytes);
    const { code, stdout } = await generate(env, ...messages("500"), "--websites", "2", "--corpus", path, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ messages: 500, websites: 2, bytesPerMessage: expect.any(Number) });
    const client = new pg.Client(env.DATABASE_URL);
    await client.connect();
    const { rows: names } = await client.query("select name from websites order by id");
    const { rows: bodies } = await client.query("select distinct body from messages where kind <> 'event' order by 1");
    await client.end();
    expect(names).toEqual([{ name: "Pet shop" }, { name: "Pet shop 2" }]);
    expect(bodies).toEqual([{ body: "Do you sell parrots? 🦜" }, { body: "Only budgies." }]);
  }
});

test("without --json it prints a report, and how to see the result", async () => {
  const env = await migrated();
  const { code, stdout } = await generate(env, ...messages("3000"));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Generated 3,000 messages in [\d,]+ conversations of [\d,]+ visitors on 3 websites in .*\n$/);
  expect((await runCli(["reset-password", "ada@generated-agents.example"], { env })).code).toBe(0);
});

test("a database without tables is refused with the next step: migrate it", async () => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const env = { DATABASE_URL: database.url, DATA_DIR: makeFolder() };
  expect(await generate(env, ...messages("10"))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The database has no tables yet\. Run prochat migrate first\.\n$/),
  });
});

test("Ctrl-C ends it with one line about its progress, and another run works", async () => {
  const env = await migrated();
  const program = startProgram("src/cli/main.ts", ["bench", "generate", ...messages("3000000")], { env });
  program.process.stderr?.once("data", () => program.process.kill("SIGINT")); // the first line of its progress
  const { code, stdout, stderr } = await program.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/\nStopped after [\d,]+ of 3,000,000 messages\. Running it again removes them/);
  expect((await generate(env, ...messages("1000"))).code).toBe(0);
  expect(await countMessages(env.DATABASE_URL)).toBe(1_000);
});

test.runIf(canMount)("too little free space on the disk is reported before anything is written", async () => {
  const env = { DATA_DIR: join(mountDisk(500), "data") };
  expect((await runCli(["migrate"], { env })).code).toBe(0);
  expect(await generate(env, ...messages("5000000"))).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^5,000,000 messages need about [\d.]+ GB on the disk of .*, which has [\d.]+ GB/),
  });
  expect((await generate(env, ...messages("1000"))).code).toBe(0);
});
