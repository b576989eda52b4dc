import { join } from "node:path";
import type { Stored, SystemUnderTest } from "#lab/load/system-under-test.ts";
import { forkProgram } from "#lab/programs/forked.ts";
import type { Access } from "./events.ts";

/** The usual way of building a chat: see README.md. */
export const reference: SystemUnderTest = {
  title: "Socket.IO, one transaction a message",
  async start({ databaseUrl }) {
    const server = await forkProgram<Access>(join(import.meta.dirname, "server.ts"), [databaseUrl]);
    return {
      driverModule: new URL("driver.ts", import.meta.url).href,
      access: server.ready,
      pids: () => [server.pid],
      async listStored(client) {
        const { rows } = await client.query<Stored>(listStoredText);
        return rows;
      },
      stop: server.stop,
    };
  },
};

const listStoredText = `
  select conversation_id::text as conversation, array_agg(content order by created_at, id) as bodies
  from messages
  group by conversation_id`;
