import type { ReplicationClient } from "#database/connection/replication.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import { readCopyData } from "./copy-reader.ts";

/**
 * What PostgreSQL sends during BASE_BACKUP: messages of one kind byte and a content, from version 15 on. See "Streaming
 * Replication Protocol" in its manual.
 */
const kinds = { archive: 0x6e, manifest: 0x6d, data: 0x64 } as const;

type Body = AsyncIterable<Buffer>;

/**
 * Splits what a connection copies into its archives.
 * @param on.onArchive  called at the beginning of each tar, such as base.tar, and of backup_manifest. The archive ends, or fails,
 *   while its promise is pending. A chunk is valid until the next one is asked for
 * @returns done(): to be called when the command has succeeded or failed; resolves when all archives are taken
 */
export function splitArchives(
  { connection }: ReplicationClient,
  on: { onArchive(name: string, body: Body): Promise<void>; onBytes(bytes: number): void },
): { done(ended: Error | null): Promise<void> } {
  const { stream } = connection;
  const taken: Promise<void>[] = [];
  let failure: Error | null = null;
  let current: ChunkQueue | null = null;
  let kind: number | undefined;
  /** of a message that is short and may still arrive in two parts */
  let short: Buffer[] = [];

  function begin(name: string): void {
    current?.end();
    const body = new ChunkQueue(isFull => void (isFull ? stream.pause() : stream.resume()));
    current = body;
    taken.push(
      on.onArchive(name, body).catch(error => {
        failure ??= error;
        stream.destroy(error); // PostgreSQL ends the backup
      }),
    );
  }

  const giveBack = readCopyData(stream, (part, { isStart, isEnd }) => {
    if (isStart) kind = part[0];
    const content = isStart ? part.subarray(1) : part;
    if (kind === kinds.data) {
      current?.write(content);
      on.onBytes(content.length);
      return;
    }
    short.push(Buffer.from(content));
    if (!isEnd) return;
    const message = Buffer.concat(short);
    short = [];
    if (kind === kinds.archive) begin(message.toString("utf8", 0, message.indexOf(0)));
    else if (kind === kinds.manifest) begin("backup_manifest");
  });

  return {
    async done(ended) {
      giveBack();
      if (ended) current?.fail(failure ?? ended);
      else current?.end();
      await Promise.all(taken);
      if (failure ?? ended) throw failure ?? ended;
    },
  };
}
