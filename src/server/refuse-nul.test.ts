import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type App, startApp } from "#lab/actors/app.ts";
import type { AgentClient, VisitorClient } from "#lab/actors/people.ts";
import { openPoller } from "#lab/actors/polling.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Command } from "#server/declaration/command.ts";
import { commands } from "#server/features/features.ts";

/**
 * PostgreSQL stores no NUL character. Every text of every command is tried with one, over HTTP and over sockets. Derived
 * from the declarations: a new command or field is tried here without a line of its own.
 */

const nul = "\u0000";
let app: App;
let owner: AgentClient;
let visitor: VisitorClient;
let conversationId: string;

beforeAll(async () => {
  app = await startApp();
  owner = app.owner;
  ({ visitor, conversationId } = await app.scene());
});
afterAll(() => app.stop());

type JsonSchema = {
  type?: string;
  enum?: string[];
  format?: string;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};
/** `isFree`: the schema accepts any text there, neither an id nor one of some words only */
type Text = { path: string[]; isFree: boolean };

/** Each text in a schema; "0" in a path is the first of an array. */
function textsOf(schema: JsonSchema, path: string[] = []): Text[] {
  if (schema.type === "string") return [{ path, isFree: !schema.enum && !schema.format }];
  if (schema.items) return textsOf(schema.items, [...path, "0"]);
  if (schema.anyOf) return schema.anyOf.flatMap(each => textsOf(each, path));
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => textsOf(part, [...path, name]));
}

const inputOf = ({ params }: Command) => z.toJSONSchema(params, { io: "input", unrepresentable: "any" }) as JsonSchema;

type Field = Text & { command: Command; label: string };

const fields: Field[] = commands.flatMap(command =>
  textsOf(inputOf(command)).map(text => ({
    ...text,
    command,
    label: `${command.access} ${command.name}, ${text.path.join(".")}`,
  })),
);
const overHttp = fields.filter(({ command }) => command.http);
const overSockets = fields.filter(({ command }) => command.isOnSocket);

/** The command's example with NUL at the end of one text. */
function paramsWithNul({ command, path }: Field): Record<string, unknown> {
  const target = Object.entries({ websiteId: app.website.id, conversationId }).filter(
    ([name]) => name in command.params.shape,
  );
  const params = structuredClone({ ...Object.fromEntries(target), ...command.example }) as Record<string, unknown>;
  let part = params;
  for (const [at, name] of path.slice(0, -1).entries()) {
    part[name] ??= path[at + 1] === "0" ? [] : {};
    part = part[name] as Record<string, unknown>;
  }
  const last = path.at(-1)!;
  part[last] = `${part[last] ?? "x"}${nul}`;
  return params;
}

const callerOf = ({ command }: Field) => (command.access === "visitor" ? visitor : owner);

test("the fields are found", () => {
  const labels = fields.map(({ label }) => label);
  expect(labels).toEqual(
    expect.arrayContaining([
      "public widget.website, publicKey",
      "admin website.change, settings.greeting",
      "public setup.complete, owner.name",
      "user website.create, allowedOrigins.0",
      "agent inbox.list, cursor",
      "agent message.send, body",
      "visitor page.view, title",
    ]),
  );
});

test.each(overHttp)("$label: NUL is refused over HTTP, and the field is named", async field => {
  const { method, path } = field.command.http!;
  const { ...params } = paramsWithNul(field);
  const filled = path.replace(/:(\w+)/g, (_, name) => {
    const value = encodeURIComponent(String(params[name] ?? "019ad0d4-2f30-7000-8000-000000000000"));
    delete params[name];
    return value;
  });
  const query = method === "GET" ? `?${new URLSearchParams(params as Record<string, string>)}` : "";
  const { status, body } = await callerOf(field).call(method, filled + query, method === "GET" ? undefined : params);
  expectNamed({ status, error: (body as { error: ErrorBody }).error }, field, "invalid_request");
});

function expectNamed(answer: { status?: number; error: ErrorBody }, { path, label }: Field, code: string) {
  expect({ label, ...answer }).toMatchObject({
    label,
    ...(answer.status && { status: 400 }),
    error: { code, message: expect.stringContaining(`${path.join(".")}: `) },
  });
}

test.each(overSockets)("$label: NUL is refused over a socket, and the field is named", async field => {
  const socket = await callerOf(field).socket();
  const error = await socket
    .command<never>(field.command.name, paramsWithNul(field))
    .catch((error: ErrorBody) => error);
  expectNamed({ error }, field, field.isFree ? "invalid_request" : "invalid_frame");
  await socket.close();
});

test("NUL is refused over long polling too", async () => {
  const hello = { ref: 1, command: "hello", params: { as: "agent" } };
  const poller = await openPoller(app.url, { ...owner.headers, origin: app.url }, hello);
  const field = overSockets.find(({ label }) => label === "agent message.send, body")!;
  const error = await poller.command<never>("message.send", paramsWithNul(field)).catch((error: ErrorBody) => error);
  expectNamed({ error }, field, "invalid_request");
});

test("an identity whose name has NUL is refused", async () => {
  const path = `/websites/${app.website.id}/identity-secret`;
  const { identitySecret } = await owner.api<{ identitySecret: string }>("GET", path);
  for (const claims of [
    { sub: "1", name: `Ada${nul}` },
    { sub: `1${nul}` },
    { sub: "1", email: `a${nul}@b.example` },
  ]) {
    const identity = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(identitySecret));
    await expect(app.visitor({ identity })).rejects.toMatchObject({ code: "identity_invalid" });
  }
});
