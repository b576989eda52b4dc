import { Readable } from "node:stream";
import type { S3mini } from "s3mini";
import { AppError } from "#protocol/errors.ts";
import { type Attempt, IncompleteAnswer, isMissingObject, isStatus, storageError } from "./bucket-errors.ts";
import type { ByteRange } from "./storage.ts";

type Context = { attempt: Attempt; description: string };
type Part = { answer: Response; etag: string | null; sizeBytes: number };

/** A store that sends nothing for so long is asked again. */
const silenceMs = 30_000;
/** answers without one more byte */
const maxFailures = 5;

/**
 * An object's bytes. When the connection breaks, it is asked for what is missing; when the object was replaced meanwhile,
 * the stream fails: it never mixes two.
 * @throws AppError "not_found"
 */
export async function downloadObject(
  bucket: S3mini,
  name: string,
  { from = 0, until = Number.MAX_SAFE_INTEGER, versionId }: Partial<ByteRange> & { versionId?: string | undefined },
  context: Context,
): Promise<Readable> {
  if (until <= from) return Readable.from([]);
  const object = { name, versionId };
  const first = await context.attempt(() => ask(bucket, object, from, until));
  return first ? Readable.from(readParts(bucket, object, from, first, context)) : Readable.from([]);
}

type Wanted = { name: string; versionId: string | undefined };

/** null: the object ends before `from`. */
async function ask(bucket: S3mini, { name, versionId }: Wanted, from: number, until: number): Promise<Part | null> {
  const isWhole = from === 0 && until === Number.MAX_SAFE_INTEGER;
  try {
    const end = until === Number.MAX_SAFE_INTEGER ? undefined : until;
    const answer = await withinSilence(bucket.getObjectRaw(name, isWhole, from, end, versionId ? { versionId } : {}));
    const length = answer.headers.get("content-length");
    if (length === null) throw new IncompleteAnswer("an answer without its length");
    return { answer, etag: answer.headers.get("etag"), sizeBytes: Number(length) };
  } catch (error) {
    if (isMissingObject(error))
      throw new AppError("not_found", `There is no stored object "${name}".`, { cause: error });
    if (isStatus(error, 416)) return null;
    throw error;
  }
}

async function* readParts(
  bucket: S3mini,
  object: Wanted,
  from: number,
  first: Part,
  { attempt, description }: Context,
) {
  const { name } = object;
  const until = from + first.sizeBytes;
  let position = from;
  let part: Part | null = first;
  let failures = 0;
  while (position < until) {
    const start = position;
    try {
      part ??= await attempt(() => ask(bucket, object, start, until));
      if (part?.etag !== first.etag) throw storageError(description, `${name} was replaced while it was read.`);
      for await (const chunk of chunksOf(part.answer)) {
        position += chunk.length;
        if (position > until) throw storageError(description, `it sent more bytes of ${name} than it said.`);
        yield chunk;
      }
      if (position < until) throw new IncompleteAnswer("the answer ended early");
    } catch (error) {
      if (error instanceof AppError) throw error;
      failures = position > start ? 1 : failures + 1;
      if (failures === maxFailures) throw storageError(description, `it sends ${name} cut again and again.`, error);
    }
    part = null;
  }
}

async function* chunksOf({ body }: Response): AsyncGenerator<Buffer> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function withinSilence<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new IncompleteAnswer(`it was silent for ${silenceMs / 1000} s`)), silenceMs);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
