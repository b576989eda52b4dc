import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import * as accounts from "#protocol/accounts.ts";
import * as agents from "#protocol/agents.ts";
import * as audit from "#protocol/audit.ts";
import * as basics from "#protocol/basics.ts";
import * as conversations from "#protocol/conversations.ts";
import * as inbox from "#protocol/inbox.ts";
import * as invitations from "#protocol/invitations.ts";
import * as messages from "#protocol/messages.ts";
import * as privacy from "#protocol/privacy.ts";
import { agentEvents, HelloFrame, visitorEvents } from "#protocol/socket.ts";
import * as tags from "#protocol/tags.ts";
import * as visitors from "#protocol/visitors.ts";
import * as websites from "#protocol/websites.ts";
import * as widget from "#protocol/widget.ts";
import type { Command } from "#server/declaration/command.ts";

const nouns = [accounts, agents, audit, basics, conversations, inbox, invitations, messages, privacy, tags, visitors];
const modules: object[] = [...nouns, websites, widget];

/**
 * Describes the API at /api/openapi.json. What src/protocol exports keeps its name there. The frames of the socket are
 * named after audience and command, such as `socket.visitor.message.send`.
 */
export async function describeApi(app: FastifyInstance, commands: Command[], cookieName: string): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [name, schema] of modules.flatMap(module => Object.entries(module))) {
    if (isEntity(schema)) schemaRegistry.add(schema, { id: name });
  }
  for (const [name, schema] of socketFrames(commands)) schemaRegistry.add(schema, { id: `socket.${name}` });
  const transformObject = createJsonSchemaTransformObject({ schemaRegistry });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Pro LiveChat",
        version: "1",
        description:
          'Every error is { "error": { "code", "message", "details"? } }. The socket is described in docs/protocol.md; ' +
          "its frames are the schemas that begin with `socket.`.",
      },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: cookieName },
          visitorToken: { type: "http", scheme: "bearer" },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: document => withoutUnused(transformObject(document) as Description),
  });
}

/** Objects and choices; a text or a number is described where it stands. */
const isEntity = (schema: unknown): schema is z.ZodType =>
  schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion || schema instanceof z.ZodEnum;

/** Each frame's name and schema: commands, their results, and events. */
function socketFrames(commands: Command[]): [string, z.ZodType][] {
  const { ref } = HelloFrame.shape;
  const audienceOf = ({ access }: Command) => (access === "visitor" ? "visitor" : "agent");
  return [
    ["hello", HelloFrame],
    ...commands
      .filter(({ isOnSocket }) => isOnSocket)
      .flatMap((command): [string, z.ZodType][] => {
        const { name, params, answer } = command;
        const id = `${audienceOf(command)}.${name}`;
        return [
          [id, z.object({ ref, command: z.literal(name), params })],
          [`${id}.reply`, z.object({ ref, result: answer ?? z.null() })],
        ];
      }),
    ...Object.entries({ agent: agentEvents, visitor: visitorEvents }).flatMap(([audience, events]) =>
      Object.entries(events).map(([event, data]): [string, z.ZodType] => [
        `${audience}.event.${event}`,
        z.object({ event: z.literal(event), data }),
      ]),
    ),
  ];
}

type Description = { components: { schemas: Record<string, object> } };

/**
 * Leaves out the schemas that nothing refers to. Each has two forms, as it is sent to the server and as the server sends it:
 * with and without the ending "Input". Of the socket's frames clients send the commands.
 */
function withoutUnused(description: Description): Description {
  const { components, ...rest } = description;
  const { schemas, ...others } = components;
  const isFrame = (name: string) => name.startsWith("socket.");
  const isSent = (name: string) => !/\.(reply|event\..*)(Input)?$/.test(name);
  const frames = Object.keys(schemas).filter(name => isFrame(name) && isSent(name) === name.endsWith("Input"));
  const used = new Set<string>();
  const follow = (value: object) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) use(name!);
  };
  const use = (name: string) => {
    if (used.has(name)) return;
    used.add(name);
    follow(schemas[name]!);
  };
  follow(rest);
  for (const frame of frames) use(frame);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const renamed = kept.map(([name, schema]) => [isFrame(name) ? name.replace(/Input$/, "") : name, schema]);
  return { ...rest, components: { ...others, schemas: Object.fromEntries(renamed) } };
}
