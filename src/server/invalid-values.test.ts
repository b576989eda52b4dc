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
 * PostgreSQL stores neither a NUL character nor half of a character, and no number beyond its types. Every text and number
 * of every command is tried with one, over HTTP and over sockets. Derived from the declarations: a new command or field is
 * tried here without a line of its own.
 */

const nul = "\u0000";
const half = "\ud83d";
const hugeNumbers = [2_147_483_648, 2 ** 53, 1e300, -1e300];
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

/** The command's example with another value in one field. */
function paramsWith({ command, path }: Pick<Field, "command" | "path">, change: (value: unknown) => unknown) {
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
  part[last] = change(part[last]);
  return params;
}

const paramsWithText = (field: Field, text: string) => paramsWith(field, value => `${value ?? "x"}${text}`);

const callerOf = ({ command }: Pick<Field, "command">) => (command.access === "visitor" ? visitor : owner);

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

/** Puts the params where the command's address and method want them. */
async function callOverHttp(field: Pick<Field, "command" | "path">, { ...params }: Record<string, unknown>) {
  const { method, path } = field.command.http!;
  const filled = path.replace(/:(\w+)/g, (_, name) => {
    const value = encodeURIComponent(String(params[name] ?? "019ad0d4-2f30-7000-8000-000000000000"));
    delete params[name];
    return value;
  });
  const query = method === "GET" ? `?${new URLSearchParams(params as Record<string, string>)}` : "";
  const { status, body } = await callerOf(field).call(method, filled + query, method === "GET" ? undefined : params);
  return { status, error: (body as { error: ErrorBody }).error };
}

async function callOverSocket(field: Pick<Field, "command" | "path">, params: Record<string, unknown>) {
  const socket = await callerOf(field).socket();
  const error = await socket.command<never>(field.command.name, params).catch((error: ErrorBody) => error);
  await socket.close();
  return { error };
}

test.each(overHttp)("$label: NUL is refused over HTTP, and the field is named", async field => {
  expectNamed(await callOverHttp(field, paramsWithText(field, nul)), field, "invalid_request");
});

/** An address is bytes: it cannot have half of a character. */
const inBody = overHttp.filter(
  ({ command: { http }, path }) => http!.method !== "GET" && !http!.path.includes(`:${path[0]}`),
);

test.each(inBody)("$label: half of a character is refused over HTTP, and the field is named", async field => {
  expectNamed(await callOverHttp(field, paramsWithText(field, half)), field, "invalid_request");
});

type Named = Pick<Field, "path" | "label">;
function expectNamed(answer: { status?: number; error: ErrorBody }, { path, label }: Named, code: string) {
  expect({ label, ...answer }).toMatchObject({
    label,
    ...(answer.status && { status: 400 }),
    error: { code, message: expect.stringContaining(`${path.join(".")}: `) },
  });
}

for (const [what, text] of [
  ["NUL", nul],
  ["half of a character", half],
] as const) {
  test.each(overSockets)(`$label: ${what} is refused over a socket, and the field is named`, async field => {
    const answer = await callOverSocket(field, paramsWithText(field, text));
    expectNamed(answer, field, field.isFree ? "invalid_request" : "invalid_frame");
  });
}

/** Each number in a schema. */
function numbersOf(schema: JsonSchema, path: string[] = []): string[][] {
  if (schema.type === "integer" || schema.type === "number") return [path];
  if (schema.anyOf) return schema.anyOf.flatMap(each => numbersOf(each, path));
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => numbersOf(part, [...path, name]));
}

const numbers = commands.flatMap(command =>
  numbersOf(z.toJSONSchema(command.params, { unrepresentable: "any" }) as JsonSchema).map(path => ({
    command,
    path,
    label: `${command.access} ${command.name}, ${path.join(".")}`,
  })),
);

test("the numbers are found", () => {
  expect(numbers.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["agent message.list, since", "visitor conversation.read, seq", "admin audit.list, limit"]),
  );
});

test.each(numbers)("$label: a huge number is refused by name", async field => {
  for (const number of hugeNumbers) {
    const params = paramsWith(field, () => number);
    if (field.command.isOnSocket) expectNamed(await callOverSocket(field, params), field, "invalid_frame");
    if (!field.command.http) continue;
    const answer = await callOverHttp(field, params);
    // There is no website of this number.
    if (field.path[0] === "websiteId") expect(answer.status).toBe(404);
    else expectNamed(answer, field, "invalid_request");
  }
});

test("a cursor with a time that PostgreSQL does not know is refused", async () => {
  for (const time of ["0000-01-01T00:00:00.000Z", "9999-99-99T00:00:00.000Z", "2026-02-30T00:00:00Z", "infinity"]) {
    const cursor = `${time}_019ad0d4-2f30-7000-8000-000000000000`;
    const { status, body } = await owner.call("GET", `/websites/${app.website.id}/inbox?view=all&cursor=${cursor}`);
    expect({ time, status, body }).toMatchObject({ time, status: 400, body: { error: { code: "invalid_cursor" } } });
  }
});

test("NUL is refused over long polling too", async () => {
  const hello = { ref: 1, command: "hello", params: { as: "agent" } };
  const poller = await openPoller(app.url, { ...owner.headers, origin: app.url }, hello);
  const field = overSockets.find(({ label }) => label === "agent message.send, body")!;
  const error = await poller
    .command<never>("message.send", paramsWithText(field, nul))
    .catch((error: ErrorBody) => error);
  expectNamed({ error }, field, "invalid_request");
});

test("an identity whose name has NUL is refused", async () => {
  const path = `/websites/${app.website.id}/identity-secret`;
  const { identitySecret } = await owner.api<{ identitySecret: string }>("GET", path);
  for (const claims of [
    { sub: "1", name: `Ada${nul}` },
    { sub: `1${nul}` },
    { sub: "1", email: `a${nul}@b.example` },
    { sub: "1", name: `Ada${half}` },
  ]) {
    const identity = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(identitySecret));
    await expect(app.visitor({ identity })).rejects.toMatchObject({ code: "identity_invalid" });
  }
});
