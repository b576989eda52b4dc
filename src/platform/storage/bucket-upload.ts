import type { S3mini, UploadPart } from "s3mini";
import { type Attempt, IncompleteAnswer, isStatus, storageError } from "./bucket-errors.ts";
import { type Counted, createCounter } from "./counted.ts";
import type { Body } from "./storage.ts";

type Context = { attempt: Attempt; description: string };

/** Each is kept in memory until the store has it, so that it can be sent again. Stores take 10,000 parts: 160 GB. */
export const partBytes = 16 * 1024 * 1024;
const maxParts = 10_000;

/**
 * Sends an object in one request, or in parts when it is larger than one. It is visible only when all of it is there.
 * If `body` fails, the parts are given up.
 */
export async function uploadObject(bucket: S3mini, name: string, body: Body, context: Context): Promise<Counted> {
  const counter = createCounter();
  const parts = partsOf(body, counter);
  const first = (await parts.next()).value ?? Buffer.alloc(0);
  const second = first.length < partBytes ? undefined : (await parts.next()).value;
  if (!second) {
    await context.attempt(() => bucket.putObject(name, first));
    return counter.result();
  }
  const uploadId = await context.attempt(() => bucket.getMultipartUploadId(name));
  try {
    const sent = await sendParts(bucket, name, uploadId, [first, second], parts, context);
    const written = counter.result();
    await complete(bucket, name, uploadId, sent, written, context);
    return written;
  } catch (error) {
    // The failure is reported; parts that stay are removed by deleteAllVersions(), or by a rule of the bucket.
    await bucket.abortMultipartUpload(name, uploadId).catch(() => {});
    throw error;
  }
}

async function sendParts(
  bucket: S3mini,
  name: string,
  uploadId: string,
  begin: Buffer[],
  rest: AsyncGenerator<Buffer>,
  { attempt, description }: Context,
): Promise<UploadPart[]> {
  const sent: UploadPart[] = [];
  async function send(part: Buffer) {
    const number = sent.length + 1;
    if (number > maxParts) throw storageError(description, "an object may have 160 GB.");
    sent.push(await attempt(() => bucket.uploadPart(name, uploadId, part, number)));
  }
  for (const part of begin) await send(part);
  for await (const part of rest) await send(part);
  return sent;
}

/** When the answer to a first attempt was lost, the second finds no upload any more: then the object is read back. */
async function complete(
  bucket: S3mini,
  name: string,
  uploadId: string,
  parts: UploadPart[],
  written: Counted,
  { attempt, description }: Context,
): Promise<void> {
  let attempts = 0;
  await attempt(async () => {
    attempts++;
    try {
      const { etag } = await bucket.completeMultipartUpload(name, uploadId, parts);
      if (!etag) throw new IncompleteAnswer("the store answered 200 with an error");
    } catch (error) {
      if (attempts === 1 || !isStatus(error, 404)) throw error;
      const found = await hashOf(bucket, name);
      if (found.sha256 !== written.sha256) throw storageError(description, `the upload of ${name} was lost.`, error);
    }
  });
}

async function hashOf(bucket: S3mini, name: string): Promise<Counted> {
  const counter = createCounter();
  const answer = await bucket.getObjectRaw(name);
  for await (const chunk of answer.body ?? []) counter.add(chunk);
  return counter.result();
}

/** Cuts a body into parts of one size, as some stores ask; the last is shorter. */
async function* partsOf(body: Body, counter: { add(chunk: Uint8Array): void }): AsyncGenerator<Buffer> {
  let part: Buffer = Buffer.alloc(0);
  let filled = 0;
  for await (const chunk of Buffer.isBuffer(body) ? [body] : body) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    counter.add(bytes);
    for (let from = 0; from < bytes.length; ) {
      part = withSpace(part, filled, bytes.length - from);
      const copied = bytes.copy(part, filled, from);
      from += copied;
      filled += copied;
      if (filled < partBytes) continue;
      yield part;
      part = Buffer.alloc(0);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** A small object takes little memory: the part grows, up to its size. */
function withSpace(part: Buffer, filled: number, more: number): Buffer {
  if (part.length === partBytes || filled + more <= part.length) return part;
  const larger = Buffer.allocUnsafeSlow(Math.min(partBytes, Math.max(2 * part.length, filled + more)));
  part.copy(larger, 0, 0, filled);
  return larger;
}
