import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { withoutName } from "#database/statements/query-names.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import { eventually } from "#lab/eventually.ts";
import { type ReceivedSpan, startOtlpReceiver } from "#lab/programs/otlp-receiver.ts";
import { runCli } from "#lab/programs/programs.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { HealthQueries } from "#protocol/health.ts";

// One server of its own, with its own PostgreSQL, everything logged and traced, and each statement slow. People write, and
// then all that watches the server is searched for their words.

const marker = "Zebrafinch7";
const words = (of: string) => `${marker} ${of}`;

let app: App;
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;
let superuser: pg.Client;
let superuserUrl: string;
/** what the server wrote until it ended */
let log: { level: number; time: string; msg: string; request?: string; query?: string; part?: string }[];
let logText: string;
const collected: Record<string, string> = {};
let failure: { error: ErrorBody; header: string | null };
let report: HealthQueries;
let statements: { query: string; calls: string }[];

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  app = await startApp({
    processes: 1,
    env: {
      DATABASE_URL: "", // the embedded one
      LOG_LEVEL: "debug",
      SLOW_QUERY_MS: "1",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20of-the-test",
    },
  });
  superuser = await connectAsSuperuser();
  await superuser.query("select pg_stat_statements_reset()");
  await livePeople();
  failure = await makeRequestFail();
  await collect();
}); // it makes a PostgreSQL of its own

afterAll(async () => {
  await superuser?.end();
  await app?.stop();
  await receiver?.stop();
});

/** To the database where the list of statements is. */
async function connectAsSuperuser(): Promise<pg.Client> {
  const { databasePassword } = JSON.parse(readFileSync(join(app.dataDir, "secrets.json"), "utf8"));
  const port = readFileSync(join(app.dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[3];
  superuserUrl = `postgres://prochat:${databasePassword}@127.0.0.1:${port}`;
  const client = new pg.Client(`${superuserUrl}/postgres`);
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Texts, names, searches and mistakes, over HTTP and sockets. */
async function livePeople(): Promise<void> {
  const { owner, website } = app;
  const path = `/websites/${website.id}`;
  const visitor = await app.visitor();
  const { conversation } = await visitor.send(words("message over HTTP"));
  const sockets = [await visitor.socket(), await owner.socket()] as const;
  const id = newId();
  const target = { id, conversationId: conversation.id };
  await sockets[0].command("message.send", { ...target, body: words("message over a socket") });
  await sockets[0].command("message.edit", { ...target, body: words("edited") });
  await sockets[0].command("page.view", { url: `https://shop.example/${marker}`, title: words("page") });
  await owner.send(conversation.id, words("note"), { kind: "note" });
  const page = new URLSearchParams({ author: marker, before: "2" });
  await owner.call("GET", `${path}/conversations/${conversation.id}/messages?${page}`); // refused: no such parameter
  await owner.call("GET", `${path}/inbox?cursor=${marker}`);
  await owner.call("GET", `${path}/audit?q=${marker}`);
  for (const _twice of [1, 2]) await owner.call("POST", `${path}/tags`, { name: marker, colour: "#3457d5" });
  for (const _twice of [1, 2])
    await owner.call("POST", `${path}/canned-replies`, { shortcut: marker.toLowerCase(), body: words("reply") });
  await owner.call("POST", "/sign-in", { email: `${marker}@mail.example`, password: words("password") });
  await owner.call("GET", `/${marker}/${marker}?${marker}=${marker}`);
  await expect(sockets[1].command(marker, { body: marker })).rejects.toMatchObject({ code: "invalid_frame" });
  await owner.inbox();
  for (const socket of sockets) await socket.close();
}

/** A column that a statement needs is away for a moment: our own fault, as a client sees it. */
async function makeRequestFail() {
  const inChat = new pg.Client(`${superuserUrl}/prochat`);
  await inChat.connect();
  const path = `/websites/${app.website.id}/tags`;
  await inChat.query("alter table tags rename column name to name_away");
  const { status, body, headers } = await app.owner.call("POST", path, { name: words("tag"), colour: "#3457d5" });
  await inChat.query("alter table tags rename column name_away to name");
  await inChat.end();
  expect(status).toBe(500);
  return { ...(body as { error: ErrorBody }), header: headers.get("x-request-id") };
}

async function collect(): Promise<void> {
  const health = `/websites/${app.website.id}/health`;
  const asked = new Date().toISOString();
  await app.owner.api("POST", `${health}/mend`, { fix: "check-again" });
  report = await eventually(async () => {
    const found = await app.owner.api<HealthQueries>("GET", `${health}/queries`);
    expect(found.at > asked).toBe(true);
    return found;
  });
  collected.metrics = await (await fetch(`${app.url}/metrics`)).text();
  collected.report = JSON.stringify([report, await app.owner.api("GET", health)]);
  const { rows } = await superuser.query<{ query: string; calls: string }>(`
    select query, calls
    from pg_stat_statements
    where userid = 'prochat_server'::regrole
      and dbid = (select oid from pg_database where datname = 'prochat')`);
  statements = rows;
  collected.statements = JSON.stringify(rows);
  const { stdout } = await runCli(["queries", "--json"], { env: { DATA_DIR: app.dataDir } });
  collected.commandLine = stdout;
  app.program!.process.kill("SIGTERM");
  logText = (await app.program!.ended).stderr;
  log = logText
    .split("\n")
    .filter(line => line.startsWith("{"))
    .map(line => JSON.parse(line));
  collected.log = logText;
  collected.traces = receiver.bodies.join("\n");
  collected.logOfPostgres = readFileSync(join(app.dataDir, "postgres.log"), "utf8");
}

test.each([
  ["log", "slow query"],
  ["logOfPostgres", 'column "name" of relation "tags" does not exist'],
  ["metrics", 'query="a batch of sends"'],
  ["report", "a batch of sends"],
  ["statements", "with /* a batch of first messages */ checked"],
  ["commandLine", "a batch of sends"],
  ["traces", "a batch of sends"],
])("people's words are not in: %s", (source, hasToBeThere) => {
  expect(collected[source]).toContain(hasToBeThere);
  expect(collected[source]!.toLowerCase()).not.toContain(marker.toLowerCase());
});

test("every statement of the server has the name of its query, and those of libraries have one", () => {
  const texts = statements.map(({ query }) => query);
  expect(texts.filter(text => withoutName(text) === text)).toEqual([]);
  const names = ["a batch of first messages", "inbox of a website", "the queue of jobs", "sessions of agents"];
  for (const name of names) expect(texts.join("\n")).toContain(` /* ${name} */ `);
});

test("slow statements are logged with their time, wait, rows and request, once a minute for each query", () => {
  const slow = log.filter(({ msg }) => msg === "slow query");
  const sends = slow.filter(({ query }) => query === "a batch of sends");
  expect(sends[0]).toMatchObject({
    part: "database",
    ms: expect.any(Number),
    poolWaitMs: expect.any(Number),
    rows: expect.any(Number),
    request: expect.stringMatching(/^[a-z2-9]{5}-\d+$/),
  });
  for (const [query, lines] of Object.entries(Object.groupBy(slow, line => line.query!))) {
    const times = lines!.map(({ time }) => Date.parse(time));
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    expect({ query, tooSoon: pauses.filter(ms => ms < 59_000) }).toEqual({ query, tooSoon: [] });
  }
});

test("the page has calls, times and shares of each query, and the last slow statements", () => {
  const sends = report.queries.find(({ name }) => name === "a batch of sends")!;
  expect(sends.calls).toBeGreaterThan(3);
  expect(sends.p95Ms).toBeLessThanOrEqual(sends.p99Ms);
  expect(sends.totalMs).toBeCloseTo(sends.calls * sends.meanMs, 0);
  expect(report.queries.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  const totals = report.queries.map(({ totalMs }) => totalMs);
  expect(totals).toEqual(totals.toSorted((a, b) => b - a));
  expect(report.slow[0]).toMatchObject({ query: expect.any(String), ms: expect.any(Number) });
});

test("a request that fails has a number in its answer, its header and the log", () => {
  const { error, header } = failure;
  expect(error).toMatchObject({ code: "internal", requestId: header });
  expect(error.message).toBe(
    `Something went wrong on our side. Try again in a moment. If it happens again, tell support this number: ${header}`,
  );
  expect(log.find(({ request, level }) => request === header && level === 50)).toMatchObject({
    msg: "a request failed",
    part: "http",
    route: "POST /api/v1/websites/:websiteId/tags",
  });
});

test("traces go from the request or the frame of a socket to its statements", () => {
  const spans = receiver.spans();
  const childrenOf = ({ spanId, traceId }: ReceivedSpan) =>
    spans.filter(span => span.parentSpanId === spanId && span.traceId === traceId);
  const named = (name: string) => spans.filter(span => span.name === name);
  const sends = named("message.send");
  expect(sends[0]).toMatchObject({
    kind: 2,
    attributes: expect.arrayContaining([attribute("prochat.transport", "socket")]),
  });
  expect(sends.flatMap(childrenOf)).toContainEqual(expect.objectContaining({ name: "a batch of sends", kind: 3 }));
  const inbox = named("GET /api/v1/websites/:websiteId/inbox").at(-1)!;
  expect(childrenOf(inbox).map(({ name }) => name)).toContain("inbox of a website");
  expect(receiver.headers[0]).toMatchObject({ authorization: "Bearer of-the-test" });
});

test("only our own faults are failed spans: a refusal is an answer", () => {
  const failed = receiver.spans().filter(({ kind, status }) => kind === 2 && status?.code === 2);
  expect(failed.map(({ name }) => name)).toEqual(["POST /api/v1/websites/:websiteId/tags"]);
});

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
