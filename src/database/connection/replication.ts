import type { Socket } from "node:net";
import type pg from "pg";
import { AppError } from "#protocol/errors.ts";
import { DatabaseClient } from "./client.ts";
import { unreachable } from "./explain.ts";
import { connectionOptions } from "./options.ts";
import { ReadingSocket } from "./reading-socket.ts";

const connectTimeoutMs = 10_000;

/** Parts of the driver that its types leave out. Its connection emits each message of PostgreSQL by its name. */
export type ReplicationClient = pg.Client & {
  connection: pg.Connection & {
    stream: Socket;
    sendCopyFromChunk(chunk: Buffer): void;
    endCopyFrom(): void;
  };
};

/** By this name PostgreSQL knows the one that archives its WAL: it is no replica. */
export const backupProgram = "prochat backup";

/**
 * Opens a connection that takes replication commands, for base backups and the WAL. It takes statements without parameters
 * only. The role needs the attribute REPLICATION, and pg_hba.conf a line for the database "replication".
 * @param url  of a direct connection: poolers do not pass these on
 * @throws AppError "database_unreachable", or "database_refused" with the SQL to run; without the password
 */
export async function connectForReplication(url: string, applicationName = backupProgram): Promise<ReplicationClient> {
  const options = connectionOptions(url, { connectTimeoutMs, applicationName });
  try {
    // A store that is slow for a while stops the stream; tcp_user_timeout would end the connection then.
    const startup = { ...options.startup, tcp_user_timeout: "0", replication: "true" };
    // TLS reads from the socket itself.
    const stream = options.ssl ? {} : { stream: () => new ReadingSocket() };
    const client = new DatabaseClient({ ...options, ...stream, startup });
    client.on("error", () => {}); // the running command fails with the same error
    await client.connect();
    return client as unknown as ReplicationClient;
  } catch (cause) {
    throw explain(url, cause);
  }
}

function explain(url: string, cause: unknown): AppError {
  const { code, message = "" } = cause as { code?: string; message?: string };
  const { username, hostname } = new URL(url);
  const role = decodeURIComponent(username);
  if (code === "42501") {
    return new AppError(
      "database_refused",
      `The role ${role} may not replicate, which backups need. As a superuser: alter role "${role}" replication;`,
      { cause },
    );
  }
  if (code === "28000" && message.includes("pg_hba.conf")) {
    return new AppError(
      "database_refused",
      `${hostname} takes no connection for replication of ${role}, which backups need: ${message}. Add a line for the ` +
        'database "replication" to pg_hba.conf, then: select pg_reload_conf();',
      { cause },
    );
  }
  return unreachable(url, cause);
}
