import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { commands } from "#server/features/features.ts";

type Schema = { properties?: Record<string, Schema>; $ref?: string; const?: unknown; required?: string[] };
type Operation = {
  operationId?: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};

let app: App;
let description: { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };
beforeAll(async () => {
  app = await startApp();
  description = (await (await fetch(`${app.url}/api/openapi.json`)).json()) as typeof description;
});
afterAll(() => app.stop());

const operations = () => Object.values(description.paths).flatMap(methods => Object.values(methods));
const schemaOf = ({ $ref, ...schema }: Schema): Schema =>
  $ref ? description.components.schemas[$ref.split("/").at(-1)!]! : schema;

test("entities have their names from src/protocol, and every reference leads to one", () => {
  expect(Object.keys(description.components.schemas)).toEqual(
    expect.arrayContaining([
      "Message",
      "Conversation",
      "VisitorConversation",
      "Website",
      "Agent",
      "Tag",
      "ErrorAnswer",
    ]),
  );
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  for (const [, name] of references) expect(description.components.schemas).toHaveProperty([name!]);
});

test("every command has a name, and all its parameters in path, query or body", () => {
  const byId = new Map(operations().map(operation => [operation.operationId, operation]));
  for (const { name, access, http, params } of commands.filter(({ http }) => http)) {
    const operation = byId.get(access === "visitor" ? `visitor.${name}` : name)!;
    expect([name, http!.path, operation]).not.toContain(undefined);
    const body = schemaOf(operation.requestBody?.content["application/json"]?.schema ?? {});
    const described = [
      ...(operation.parameters ?? []).map(parameter => parameter.name),
      ...Object.keys(body.properties ?? {}),
    ];
    expect([name, described.sort()]).toEqual([name, Object.keys(params.shape).sort()]);
  }
});

test("every frame of the socket is described", () => {
  const { schemas } = description.components;
  for (const { name, access, params } of commands.filter(({ isOnSocket }) => isOnSocket)) {
    const frame = `socket.${access === "visitor" ? "visitor" : "agent"}.${name}`;
    expect(schemas[frame]!.properties).toMatchObject({ command: { const: name } });
    const described = schemaOf(schemas[frame]!.properties!.params!);
    expect(Object.keys(described.properties ?? {}).sort()).toEqual(Object.keys(params.shape).sort());
    expect(schemas).toHaveProperty([`${frame}.reply`]);
  }
  expect(schemas).toHaveProperty(["socket.hello"]);
  expect(schemas["socket.visitor.event.message.created"]).toMatchObject({
    properties: { event: { const: "message.created" } },
  });
});
