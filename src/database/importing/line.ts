import { z } from "zod";
import { limits } from "#protocol/limits.ts";

const text = (max: number) => z.string().max(max).nullish();

/** A line of the file: a conversation, as docs/import.md describes it. */
const Line = z.object({
  id: z.union([z.string().min(1).max(500), z.number()]).transform(String),
  visitor: z
    .object({
      id: z
        .union([z.string().min(1).max(500), z.number()])
        .transform(String)
        .optional(),
      externalId: text(200),
      name: text(200),
      email: text(254),
      attributes: z.record(z.string(), z.unknown()).default({}),
    })
    .default({ attributes: {} }),
  status: z.enum(["open", "resolved"]).default("resolved"),
  messages: z.array(z.unknown()).min(1),
});

const Message = z.object({
  author: z.enum(["visitor", "agent", "system"]),
  kind: z.enum(["text", "note"]).default("text"),
  at: z.iso.datetime({ offset: true }).optional(),
  body: z.string().nullish(),
  /** the e-mail address of an agent's account */
  agent: z.string().nullish(),
});

export type ImportedMessage = {
  author: "visitor" | "agent" | "system";
  kind: "text" | "note";
  at: Date;
  body: string;
  agentEmail: string | null;
};

export type ImportedConversation = Omit<z.infer<typeof Line>, "messages"> & {
  /** by time, with 1 or more */
  messages: ImportedMessage[];
  /** why messages were left out, and how many for each reason */
  leftOut: Map<string, number>;
};

const earliest = Date.UTC(2000, 0);

/**
 * Reads a line. Messages that cannot be kept are left out, and counted by reason; a long text becomes several messages.
 * @returns why the whole line is left out, as a sentence's end
 */
export function readLine(line: string, now = Date.now()): ImportedConversation | string {
  const parsed = Line.safeParse(parseJson(line));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return path.length === 0 ? "it is no JSON object" : `"${path.join(".")}": ${message}`;
  }
  const { messages: given, ...conversation } = parsed.data;
  const leftOut = new Map<string, number>();
  const messages = readMessages(given, reason => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1));
  if (messages.length === 0) return `no message of it can be kept: ${[...leftOut.keys()].join(", ")}`;
  const { at: last } = messages.at(-1)!;
  if (messages[0]!.at.getTime() < earliest) return "it has a message from before the year 2000";
  if (last.getTime() > now + 86_400_000) return `it has a message of ${last.toISOString()}, which is in the future`;
  return { ...conversation, messages, leftOut };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readMessages(given: unknown[], leaveOut: (reason: string) => void): ImportedMessage[] {
  const messages: ImportedMessage[] = [];
  for (const each of given) {
    const { data, error } = Message.safeParse(each);
    const at = data?.at ? new Date(data.at) : messages.at(-1)?.at;
    const body = storable(data?.body ?? "").trim();
    if (!data) leaveOut(`"${error.issues[0]!.path.join(".") || "message"}" is not as described`);
    else if (!at) leaveOut('the first message has no time ("at")');
    else if (!body) leaveOut("the text is empty");
    else for (const part of partsOf(body)) messages.push({ ...data, at, body: part, agentEmail: data.agent ?? null });
  }
  return messages.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** PostgreSQL stores neither NUL nor half of a character. */
const storable = (text: string) => text.replaceAll("\u0000", "").toWellFormed();

/** The parts of a text that is longer than a message may be, without cutting a character. */
function partsOf(body: string): string[] {
  const parts = [];
  for (let rest = body; rest; ) {
    const end = rest.length <= limits.messageLength ? rest.length : limits.messageLength - 1;
    const part = rest.slice(0, end).isWellFormed() ? rest.slice(0, end) : rest.slice(0, end + 1);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}
