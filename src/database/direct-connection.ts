import type pg from "pg";
import { DatabaseClient } from "./connection/client.ts";
import { unreachable } from "./connection/explain.ts";
import { connectionOptions } from "./connection/options.ts";

const connectTimeoutMs = 10_000;

/**
 * Opens one connection without a pooler, for work that needs a session: migrations, checks, generated code.
 * @param applicationName  as other sessions see it
 * @throws AppError "database_unreachable" with the reason in one line, and without the password
 */
export async function connectDirectly(url: string, applicationName = "prochat"): Promise<pg.Client> {
  try {
    const client = new DatabaseClient(connectionOptions(url, { connectTimeoutMs, applicationName }));
    client.on("error", () => {}); // the running statement fails with the same error
    await client.connect();
    return client;
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

/** Asks something over a connection of its own. @throws as connectDirectly(), and what `question` throws */
export async function askDirectly<T>(url: string, question: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectDirectly(url);
  try {
    return await question(client);
  } finally {
    await client.end();
  }
}
