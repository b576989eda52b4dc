import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#client/ids.ts";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, Answer, VisitorClient } from "#lab/actors/people.ts";
import { openSocket, type TestSocket } from "#lab/actors/sockets.ts";
import { AgentFrame, VisitorFrame } from "#protocol/socket.ts";

/**
 * Every endpoint and every socket command, asked with the credentials of somebody who has no business there. A new one
 * fails here until it is listed.
 */

let app: App;
let scene: { agent: AgentClient; visitor: VisitorClient; conversationId: string; stranger: AgentClient };
let removed: AgentClient;
let otherVisitor: VisitorClient;
let otherSitesVisitor: VisitorClient;
let invitationId: string;

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
  await app.owner.api("DELETE", `/websites/${app.website.id}/agents/${removed.me.user.id}`);
});
afterAll(() => app.stop());

const website = "/websites/{websiteId}";
const conversation = `${website}/conversations/{conversationId}`;

/** Of a website: asked by its stranger, its removed agent, a visitor's token, and nobody. With a body that would do. */
const agentEndpoints: Record<string, unknown> = {
  [`GET ${website}`]: undefined,
  [`PATCH ${website}`]: { name: "Mine now" },
  [`GET ${website}/identity-secret`]: undefined,
  [`POST ${website}/identity-secret`]: undefined,
  [`GET ${website}/agents`]: undefined,
  [`PATCH ${website}/agents/{userId}`]: { role: "agent" },
  [`DELETE ${website}/agents/{userId}`]: undefined,
  [`GET ${website}/invitations`]: undefined,
  [`POST ${website}/invitations`]: { role: "admin" },
  [`DELETE ${website}/invitations/{invitationId}`]: undefined,
  [`GET ${website}/inbox`]: undefined,
  [`GET ${website}/inbox/counts`]: undefined,
  [`GET ${conversation}`]: undefined,
  [`GET ${conversation}/messages`]: undefined,
  [`POST ${conversation}/messages`]: { id: newId(), body: "Mine?" },
  [`POST ${conversation}/assign`]: { assigneeId: null },
  [`POST ${conversation}/resolve`]: undefined,
  [`POST ${conversation}/reopen`]: undefined,
  [`POST ${conversation}/read`]: { seq: 1 },
};

/** Of a signed-in user's own: asked by nobody and the removed agent. */
const userEndpoints: Record<string, unknown> = {
  "GET /me": undefined,
  "POST /me/password": { currentPassword: "correct horse battery", newPassword: "another password" },
  "POST /sign-out": undefined,
  "POST /websites": { name: "Mine", allowedOrigins: ["https://mine.example"] },
};

/** Of a visitor: asked by other visitors, an agent, and nobody. */
const visitorEndpoints: Record<string, unknown> = {
  "GET /widget/conversations/{conversationId}/messages": undefined,
  "POST /widget/conversations/{conversationId}/read": { seq: 1 },
};

/** Open to whoever knows a secret, a key or a password, and to nothing else; `body` has a wrong one. */
const keyedEndpoints: Record<string, unknown> = {
  "POST /setup": {
    code: "guessed",
    owner: { name: "M", email: "m@mine.example", password: "0123456789" },
    website: { name: "M", allowedOrigins: ["https://mine.example"] },
  },
  "POST /sign-in": { email: "m@mine.example", password: "guessed" },
  "GET /invitations/{token}": undefined,
  "POST /invitations/{token}": { account: { name: "M", email: "m@mine.example", password: "0123456789" } },
  "GET /widget/websites/{publicKey}": undefined,
  "POST /widget/session": { websiteKey: "guessed" },
  "POST /poll/open": { ref: 1, command: "hello", params: { as: "agent" } },
  "POST /poll/send": { line: "guessed", frame: { ref: 1, command: "page.view", params: { url: "", title: "" } } },
  "POST /poll/events": { line: "guessed" },
  "POST /poll/close": "guessed",
};

/** Its token says whose message it is; tried below with none, and to another's conversation in messages.test.ts. */
const tokenEndpoints: Record<string, unknown> = {
  "POST /widget/messages": { id: newId(), conversationId: null, body: "Hi" },
};

const harmless = ["GET /setup"];

const everything = { ...agentEndpoints, ...userEndpoints, ...visitorEndpoints, ...keyedEndpoints, ...tokenEndpoints };

test("every endpoint that the API describes is walked here", async () => {
  const { paths } = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
  );
  expect([...Object.keys(everything), ...harmless].sort()).toEqual(described.sort());
});

const fill = (path: string) =>
  path
    .replace("{websiteId}", String(app.website.id))
    .replace("{conversationId}", scene.conversationId)
    .replace("{userId}", scene.agent.me.user.id)
    .replace("{invitationId}", invitationId)
    .replace("{token}", `${app.website.id}-guessed`)
    .replace("{publicKey}", "guessed");

async function expectRefused(who: { call: AgentClient["call"] }, endpoint: string, body: unknown) {
  const [method, path] = endpoint.split(" ") as [string, string];
  const answer: Answer = await who.call(method, fill(path), body);
  expect({ endpoint, status: answer.status }).toEqual({
    endpoint,
    status: expect.toBeOneOf([401, 403, 404, 410]),
  });
  expect(answer.body).toEqual({ error: { code: expect.any(String), message: expect.any(String) } });
}

const nobody = (headers: Record<string, string> = {}) => ({
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${app.url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  },
});

describe.each(Object.entries(agentEndpoints))("%s", (endpoint, body) => {
  test("is refused to another website's owner", () => expectRefused(scene.stranger, endpoint, body));
  test("is refused to a removed agent", () => expectRefused(removed, endpoint, body));
  test("is refused to a visitor", () => expectRefused(scene.visitor, endpoint, body));
  test("is refused to nobody", () => expectRefused(nobody(), endpoint, body));
});

describe.each(Object.entries(userEndpoints))("%s", (endpoint, body) => {
  test("is refused to a removed agent", () => expectRefused(removed, endpoint, body));
  test("is refused to a visitor", () => expectRefused(scene.visitor, endpoint, body));
  test("is refused to nobody", () => expectRefused(nobody(), endpoint, body));
});

describe.each(Object.entries(visitorEndpoints))("%s", (endpoint, body) => {
  test("is refused to another visitor", () => expectRefused(otherVisitor, endpoint, body));
  test("is refused to another website's visitor", () => expectRefused(otherSitesVisitor, endpoint, body));
  test("is refused to an agent", () => expectRefused(scene.agent, endpoint, body));
  test("is refused to nobody", () => expectRefused(nobody({ origin: "https://shop.example" }), endpoint, body));
  test("is refused on a page that is not the website's", () => {
    const { authorization } = scene.visitor.headers;
    return expectRefused(nobody({ authorization: authorization!, origin: "https://evil.example" }), endpoint, body);
  });
});

describe.each(Object.entries({ ...keyedEndpoints, ...tokenEndpoints }))("%s", (endpoint, body) => {
  test("is refused without the secret", () => expectRefused(nobody(), endpoint, body));
  test("is refused with a token that nobody signed", () =>
    expectRefused(nobody({ authorization: "Bearer e30.e30.e30", origin: "https://shop.example" }), endpoint, body));
});

describe("what changes something with an agent's cookie", () => {
  const changing = Object.entries({ ...agentEndpoints, ...userEndpoints }).filter(([name]) => !name.startsWith("GET"));
  test.each(changing)("%s is refused from another website's page", async (endpoint, body) => {
    const { cookie } = app.owner.headers;
    await expectRefused(nobody({ cookie: cookie!, origin: "https://evil.example" }), endpoint, body);
  });
});

describe("socket commands", () => {
  const refusal = { code: expect.stringMatching(/not_found|not_signed_in|forbidden/) };
  /** Aimed at the scene's conversation. */
  const params: Record<string, object> = {
    "message.send": { id: newId(), body: "Mine?", kind: "text" },
    "conversation.read": { seq: 1 },
    "conversation.typing": { typing: true },
    "agent.availability": { availability: "away" },
    "page.view": { url: "https://shop.example/", title: "" },
  };
  const target = () => ({ websiteId: app.website.id, conversationId: scene.conversationId });
  const agentCommands = AgentFrame.options.map(option => option.shape.command.value);
  const visitorCommands = VisitorFrame.options.map(option => option.shape.command.value);

  test("every command is walked here", () => {
    expect(new Set([...agentCommands, ...visitorCommands])).toEqual(new Set(Object.keys(params)));
  });

  // agent.availability tells of oneself, and names no website.
  test.each(agentCommands.filter(name => name !== "agent.availability"))(
    "%s is refused to another website's owner",
    async command => {
      const socket = await scene.stranger.socket();
      await expect(socket.command(command, { ...params[command], ...target() })).rejects.toMatchObject(refusal);
      await socket.close();
    },
  );

  // A visitor's message to a conversation that is not theirs begins their own; page.view names none.
  test.each(visitorCommands.filter(name => name !== "message.send" && name !== "page.view"))(
    "%s is refused to another visitor",
    async command => {
      for (const visitor of [otherVisitor, otherSitesVisitor]) {
        const socket = await visitor.socket();
        await expect(socket.command(command, { ...params[command], ...target() })).rejects.toMatchObject(refusal);
        await socket.close();
      }
    },
  );

  test("a removed agent, nobody, and a page of somebody else's get no socket", async () => {
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

  test("before hello nothing is done", async () => {
    const socket = await openSocket(app.url, { cookie: app.owner.headers.cookie!, origin: app.url });
    for (const command of agentCommands) {
      await expect(socket.command(command, { ...params[command], ...target() })).rejects.toMatchObject({
        code: "invalid_frame",
      });
    }
    await socket.close();
  });
});

test("nothing of all this changed anything", async () => {
  const { rows } = await app.sql.query(
    `select w.name, c.version, c.status, c.agent_read_seq, c.last_seq,
      (select count(*)::integer from memberships m where m.website_id = w.id) as members,
      (select count(*)::integer from invitations i where i.website_id = w.id) as invitations
    from conversations c join websites w on w.id = c.website_id
    where c.id = $1`,
    [scene.conversationId],
  );
  expect(rows).toEqual([
    { name: "Shop", version: 2, status: "open", agent_read_seq: 0, last_seq: 1, members: 2, invitations: 1 },
  ]);
});
