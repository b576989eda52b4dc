import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { AppError } from "#protocol/errors.ts";
import type { WalArchive } from "./archive.ts";
import { readWalFile } from "./fetch.ts";
import { isSegmentName, parseSegmentName, segmentName } from "./positions.ts";

export type WalServer = {
  /** for PostgreSQL's setting restore_command, as the server's command line takes it */
  restoreCommand: string;
  /** why a file could not be given; PostgreSQL ends its recovery then. null: none yet */
  problem(): AppError | null;
  /** whether PostgreSQL has asked for a segment; where its restore_command cannot run, it never does */
  wasAsked(): boolean;
  close(): Promise<void>;
};

/**
 * Serves an archive to a PostgreSQL that recovers on this machine. The restore_command is a small program that asks here: the
 * user that runs PostgreSQL may neither read the store nor know its keys, and starting `prochat` for each segment would take
 * longer than reading it. The next segment is read ahead.
 */
export async function serveWal(
  archive: WalArchive,
  identity: { systemIdentifier: string; segmentBytes: number },
): Promise<WalServer> {
  const token = randomBytes(24).toString("base64url");
  let problem: AppError | null = null;
  let wasAsked = false;
  let ahead: { name: string; bytes: Promise<Buffer | null> } | null = null;

  function read(name: string): Promise<Buffer | null> {
    const bytes = ahead?.name === name ? ahead.bytes : readWalFile(archive, { name, ...identity });
    ahead = isSegmentName(name) ? readAhead(nextName(name)) : null;
    return bytes;
  }

  function readAhead(name: string) {
    const bytes = readWalFile(archive, { name, ...identity });
    bytes.catch(() => {}); // read() gets it, if PostgreSQL asks for it
    return { name, bytes };
  }

  function nextName(name: string) {
    const { timeline, start } = parseSegmentName(name, identity.segmentBytes)!;
    return segmentName(timeline, start + BigInt(identity.segmentBytes), identity.segmentBytes);
  }

  const server = createServer(async (request, response) => {
    const [, given, name = ""] = (request.url ?? "").split("/");
    if (given !== token) return void response.writeHead(403).end();
    try {
      wasAsked ||= isSegmentName(name);
      const bytes = await read(name);
      response.writeHead(bytes ? 200 : 404).end(bytes ?? undefined);
    } catch (error) {
      const message = (error as Error).message;
      problem ??= error instanceof AppError ? error : new AppError("backup_failed", message, { cause: error });
      response.writeHead(500).end(message);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const program = [process.execPath, join(import.meta.dirname, "ask-for-file.js"), `http://127.0.0.1:${port}/${token}`];
  return {
    restoreCommand: `${program.map(word => `"${word.replaceAll("%", "%%")}"`).join(" ")} "%f" "%p"`,
    problem: () => problem,
    wasAsked: () => wasAsked,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
