import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, Answer, VisitorClient } from "#lab/actors/people.ts";
import { openSocket, type TestSocket } from "#lab/actors/sockets.ts";
import type { Command } from "#server/declaration/command.ts";
import { commands } from "#server/features/features.ts";

/**
 * Calls every command, over HTTP and over a socket, with the credentials of people who may not call it. Derived from the
 * declarations: a new command is tried without any change here.
 */

let app: App;
let scene: { agent: AgentClient; visitor: VisitorClient; conversationId: string; stranger: AgentClient };
let removed: AgentClient;
let otherVisitor: VisitorClient;
let otherSitesVisitor: VisitorClient;
let invitationId: string;
/** of the visitor: only the visitor may change it */
let messageId: string;

beforeAll(async () => {
  app = await startApp();
  scene = await app.scene();
  removed = await app.agent("admin");
  otherVisitor = await app.visitor();
  await otherVisitor.send("Somebody else's");
  const { publicKey } = (await scene.stranger.api<{ websites: { publicKey: string }[] }>("GET", "/me")).websites[0]!;
  otherSitesVisitor = await app.visitor({ websiteKey: publicKey });
  await otherSitesVisitor.send("On another website");
  const invited = await app.owner.api<{ invitation: { id: string } }>(
    "POST",
    `/websites/${app.website.id}/invitations`,
    { role: "agent" },
  );
  invitationId = invited.invitation.id;
  const { rows } = await app.sql.query("select id from messages where conversation_id = $1", [scene.conversationId]);
  messageId = rows[0].id;
  await app.owner.api("DELETE", `/websites/${app.website.id}/agents/${removed.me.user.id}`);
});
afterAll(() => app.stop());

type Walked = [name: string, body: unknown];

/** The commands with an address that `isFor` selects, with the params of their examples as bodies. */
function walk(isFor: (command: Command) => boolean): Walked[] {
  return commands
    .filter(command => command.http && isFor(command))
    .map(({ http, example }) => [
      `${http!.method} ${http!.path.replace(/:(\w+)/g, "{$1}")}`,
      http!.method === "GET" ? undefined : example,
    ]);
}

const membersOnly = walk(({ access }) => access === "agent" || access === "admin" || access === "owner");
const adminsOnly = walk(({ access }) => access === "admin" || access === "owner");
const usersOnly = walk(({ access }) => access === "user");
/**
 * A message to another visitor's conversation begins one of the sender, and what a visitor does with their data names nobody
 * else: these are tried only without a token, below.
 */
const isAboutCaller = ({ access, name, http }: Command) =>
  access === "visitor" &&
  (["message.send", "visitor.leave-email"].includes(name) || http?.path.startsWith("/widget/privacy/") === true);
const visitorsOnly = walk(command => command.access === "visitor" && !isAboutCaller(command));
/** Public, and without any secret. */
const harmless = (command: Command) => command.name === "setup.show";
/** Public for callers with a secret, a key or a password; the examples have a wrong one. */
const withSecret = walk(command => (command.access === "public" && !harmless(command)) || isAboutCaller(command));
/** The addresses of the transports, which are not commands. */
const polling: Walked[] = [
  ["POST /poll/open", { ref: 1, command: "hello", params: { as: "agent" } }],
  ["POST /poll/send", { line: "guessed", frame: { ref: 1, command: "page.view", params: { url: "", title: "" } } }],
  ["POST /poll/events", { line: "guessed" }],
  ["POST /poll/close", "guessed"],
];

test("every endpoint of the API's description is tried here", async () => {
  const { paths } = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
  const walked = [...walk(() => true), ...polling].map(([name]) => name);
  expect(walked.sort()).toEqual(described.sort());
});

const fill = (path: string) =>
  path
    .replace("{websiteId}", String(app.website.id))
    .replace("{conversationId}", scene.conversationId)
    .replace("{id}", messageId)
    .replace("{userId}", scene.agent.me.user.id)
    .replace("{invitationId}", invitationId)
    .replace("{token}", `${app.website.id}-guessed`)
    .replace("{publicKey}", "guessed");

async function expectRefused(caller: { call: AgentClient["call"] }, endpoint: string, body: unknown) {
  const [method, path] = endpoint.split(" ") as [string, string];
  const answer: Answer = await caller.call(method, fill(path), body);
  expect({ endpoint, status: answer.status }).toEqual({
    endpoint,
    status: expect.toBeOneOf([401, 403, 404, 410]),
  });
  expect(answer.body).toEqual({ error: { code: expect.any(String), message: expect.any(String) } });
}

const withHeaders = (headers: Record<string, string> = {}) => ({
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${app.url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  },
});

describe.each(membersOnly)("%s", (endpoint, body) => {
  test("is refused to another website's owner", () => expectRefused(scene.stranger, endpoint, body));
  test("is refused to a removed agent", () => expectRefused(removed, endpoint, body));
  test("is refused to a visitor", () => expectRefused(scene.visitor, endpoint, body));
  test("is refused without credentials", () => expectRefused(withHeaders(), endpoint, body));
});

test.each(adminsOnly)("%s is refused to an agent", (endpoint, body) => expectRefused(scene.agent, endpoint, body));

describe.each(usersOnly)("%s", (endpoint, body) => {
  test("is refused to a removed agent", () => expectRefused(removed, endpoint, body));
  test("is refused to a visitor", () => expectRefused(scene.visitor, endpoint, body));
  test("is refused without credentials", () => expectRefused(withHeaders(), endpoint, body));
});

describe.each(visitorsOnly)("%s", (endpoint, body) => {
  test("is refused to another visitor", () => expectRefused(otherVisitor, endpoint, body));
  test("is refused to another website's visitor", () => expectRefused(otherSitesVisitor, endpoint, body));
  test("is refused to an agent", () => expectRefused(scene.agent, endpoint, body));
  test("is refused without credentials", () =>
    expectRefused(withHeaders({ origin: "https://shop.example" }), endpoint, body));
  test("is refused on a page that is not the website's", () => {
    const { authorization } = scene.visitor.headers;
    return expectRefused(
      withHeaders({ authorization: authorization!, origin: "https://evil.example" }),
      endpoint,
      body,
    );
  });
});

describe.each([...withSecret, ...polling])("%s", (endpoint, body) => {
  test("is refused without the secret", () => expectRefused(withHeaders(), endpoint, body));
  test("is refused with a token without a valid signature", () =>
    expectRefused(
      withHeaders({ authorization: "Bearer e30.e30.e30", origin: "https://shop.example" }),
      endpoint,
      body,
    ));
});

describe("changes with an agent's cookie", () => {
  const changing = [...membersOnly, ...usersOnly].filter(([name]) => !name.startsWith("GET"));
  test.each(changing)("%s is refused from another website's page", async (endpoint, body) => {
    const { cookie } = app.owner.headers;
    await expectRefused(withHeaders({ cookie: cookie!, origin: "https://evil.example" }), endpoint, body);
  });
});

describe("socket commands", () => {
  const refusal = { code: expect.stringMatching(/not_found|not_signed_in|forbidden/) };
  const target = () => ({ websiteId: app.website.id, conversationId: scene.conversationId, id: messageId });
  const onSocket = (isFor: (command: Command) => boolean) =>
    commands.filter(command => command.isOnSocket && isFor(command)).map(({ name, example }) => ({ name, example }));
  const ofVisitors = onSocket(({ access }) => access === "visitor");
  const ofMembers = onSocket(({ access }) => access !== "visitor" && access !== "user");

  test.each(ofMembers)("$name is refused to another website's owner", async ({ name, example }) => {
    const socket = await scene.stranger.socket();
    await expect(socket.command(name, { ...example, ...target() })).rejects.toMatchObject(refusal);
    await socket.close();
  });

  // A visitor's message to a conversation that is not theirs begins their own; page.view names none.
  test.each(ofVisitors.filter(({ name }) => name !== "message.send" && name !== "page.view"))(
    "$name is refused to another visitor",
    async ({ name, example }) => {
      for (const visitor of [otherVisitor, otherSitesVisitor]) {
        const socket = await visitor.socket();
        await expect(socket.command(name, { ...example, ...target() })).rejects.toMatchObject(refusal);
        await socket.close();
      }
    },
  );

  test("a removed agent, a client without a cookie, and another website's page get no socket", async () => {
    const hello = (socket: TestSocket) => socket.command("hello", { as: "agent" });
    const cookie = app.owner.headers.cookie!;
    for (const headers of [removed.headers, { origin: app.url }, { cookie, origin: "https://evil.example" }]) {
      const socket = await openSocket(app.url, headers as Record<string, string>);
      await expect(hello(socket)).rejects.toMatchObject({
        code: expect.stringMatching(/not_signed_in|origin_not_allowed/),
      });
      await socket.close();
    }
  });

  test("before hello no command runs", async () => {
    const socket = await openSocket(app.url, { cookie: app.owner.headers.cookie!, origin: app.url });
    for (const { name, example } of onSocket(() => true)) {
      await expect(socket.command(name, { ...example, ...target() })).rejects.toMatchObject({
        code: "invalid_frame",
      });
    }
    await socket.close();
  });
});

test("none of these calls has changed anything", async () => {
  const { rows } = await app.sql.query(
    `select w.name, c.version, c.status, c.agent_read_seq, c.last_seq,
      (select count(*)::integer from memberships m where m.website_id = w.id and m.removed_at is null) as members,
      (select count(*)::integer from invitations i where i.website_id = w.id) as invitations,
      (select count(*)::integer from audit_log a where a.website_id = w.id and a.action ~ '^(website|tag)[.]') as audited
    from conversations c join websites w on w.id = c.website_id
    where c.id = $1`,
    [scene.conversationId],
  );
  expect(rows).toEqual([
    {
      name: "Shop",
      version: 2,
      status: "open",
      agent_read_seq: 0,
      last_seq: 1,
      members: 2,
      invitations: 1,
      audited: 1,
    },
  ]);
});
