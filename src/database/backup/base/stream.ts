import { Readable } from "node:stream";
import type { ReplicationClient } from "#database/connection/replication.ts";

/**
 * What PostgreSQL sends during BASE_BACKUP: messages of one kind byte and a content, from version 15 on. See "Streaming
 * Replication Protocol" in its manual.
 */
const kind = { archive: 0x6e, manifest: 0x6d, data: 0x64 } as const;

/** PostgreSQL sends 32 KB at once; packing and writing that is twice as slow as this. */
const chunkBytes = 2 ** 20;

/**
 * Splits what a connection copies into its archives.
 * @param on.onArchive  called at the beginning of each tar, such as base.tar, and of backup_manifest. The archive ends, or fails,
 *   while its promise is pending
 * @returns done(): to be called when the command has succeeded or failed; resolves when all archives are taken
 */
export function splitArchives(
  { connection }: ReplicationClient,
  on: { onArchive(name: string, body: Readable): Promise<void>; onBytes(bytes: number): void },
): { done(ended: Error | null): Promise<void> } {
  const taken: Promise<void>[] = [];
  let failure: Error | null = null;
  let current: Readable | null = null;
  let chunk = Buffer.allocUnsafe(chunkBytes);
  let filled = 0;

  function begin(name: string): void {
    end();
    const body = new Readable({ highWaterMark: chunkBytes, read: () => void connection.stream.resume() });
    body.on("error", () => {}); // its taker gets the same error
    current = body;
    taken.push(
      on.onArchive(name, body).catch(error => {
        failure ??= error;
        connection.stream.destroy(error); // PostgreSQL ends the backup
      }),
    );
  }

  function flush(): void {
    on.onBytes(filled);
    if (filled > 0 && current?.push(chunk.subarray(0, filled)) === false) connection.stream.pause();
    chunk = Buffer.allocUnsafe(chunkBytes);
    filled = 0;
  }

  function end(): void {
    flush();
    current?.push(null);
    current = null;
  }

  /** Copies at once: the driver uses its buffer again. */
  function add(data: Buffer): void {
    for (let from = 0; from < data.length; ) {
      const copied = data.copy(chunk, filled, from);
      filled += copied;
      from += copied;
      if (filled === chunkBytes) flush();
    }
  }

  const onCopyData = ({ chunk: message }: { chunk: Buffer }) => {
    const content = message.subarray(1);
    if (message[0] === kind.data) add(content);
    else if (message[0] === kind.archive) begin(content.toString("utf8", 0, content.indexOf(0)));
    else if (message[0] === kind.manifest) begin("backup_manifest");
  };
  connection.on("copyData", onCopyData);

  return {
    async done(ended) {
      connection.off("copyData", onCopyData);
      if (ended) current?.destroy(failure ?? ended);
      else end();
      await Promise.all(taken);
      if (failure ?? ended) throw failure ?? ended;
    },
  };
}
