import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { type Corpus, createCorpusBuilder, type Dialogue } from "./corpus.ts";

const Line = z.object({
  services: z.array(z.string().trim().min(1)).min(1),
  turns: z
    .array(
      z.tuple([
        z.enum(["visitor", "agent"]),
        z
          .string()
          .min(1)
          .max(limits.messageLength)
          .regex(/^[^\0]*$/),
      ]),
    )
    .min(1)
    .refine(turns => turns.some(([author]) => author === "visitor"), "has no turn of the visitor"),
});

const expected =
  'one JSON object a line, such as {"services": ["Restaurants_1"], "turns": [["visitor", "Hi"], ["agent", "Hello!"]]}';

/**
 * Reads dialogues, one JSON object per line, gzipped or not. The first of a dialogue's services is its topic.
 * @throws AppError "invalid_request" naming the file, the line, and what was expected there
 */
export async function readCorpus(path: string): Promise<Corpus> {
  const builder = createCorpusBuilder();
  let number = 0;
  try {
    for await (const line of createInterface({ input: await openText(path) })) {
      number++;
      if (line.trim()) builder.add(readDialogue(path, number, line));
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unreadable(path, cause);
  }
  const corpus = builder.build();
  if (corpus.topics.length === 0) throw refusal(`${path} holds no dialogue`);
  return corpus;
}

/** The first two bytes show whether the file is gzipped; its name does not matter. */
async function openText(path: string): Promise<Readable> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close());
  const source = createReadStream(path);
  if (bytesRead < 2 || buffer.readUInt16BE() !== 0x1f8b) return source;
  return pipeline(source, createGunzip(), () => {}); // the reader of the last stream gets the error
}

function readDialogue(path: string, number: number, line: string): Dialogue {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw refusal(`${path}, line ${number}, is not JSON`, cause);
  }
  const parsed = Line.safeParse(value);
  if (parsed.success) {
    return { topic: parsed.data.services[0]!.replaceAll("_", " "), turns: parsed.data.turns };
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` (at ${issue.path.join(".")})` : "";
  throw refusal(`${path}, line ${number}, is not a dialogue: ${issue?.message}${where}`, parsed.error);
}

function unreadable(path: string, cause: unknown): AppError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return refusal(`There is no file ${path}`, cause);
  if (code?.startsWith("Z_")) return refusal(`${path} begins as gzip but is damaged (${message})`, cause);
  return refusal(`${path} cannot be read (${message})`, cause);
}

const refusal = (what: string, cause?: unknown) =>
  new AppError("invalid_request", `${what}. Expected of a corpus: ${expected}.`, { cause });
