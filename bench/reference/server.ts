import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { Server } from "socket.io";
import { endWithParent } from "#lab/programs/forked.ts";
import type { ChatServer, ToClient } from "./events.ts";
import { beginConversation, findConversation, markRead, resolve, storeMessage } from "./store.ts";
import { readToken } from "./token.ts";

// The reference's only process, started by system.ts on an empty database. README.md says how it is built.

endWithParent();
const [databaseUrl] = process.argv.slice(2) as [string];
const secret = randomBytes(32).toString("hex");
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
await pool.query(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));

const http = createServer();
const io: ChatServer = new Server(http);

io.use(async (socket, next) => {
  try {
    const person = await readToken(secret, socket.handshake.auth.token);
    const conversationId = person.role === "visitor" ? await findConversation(pool, person) : undefined;
    socket.data = { ...person, ...(conversationId && { conversationId }) };
    next();
  } catch {
    next(new Error("unauthorized"));
  }
});

io.on("connection", socket => {
  const person = socket.data;
  if (person.role === "agent") socket.join(agentsOf(person.websiteId));
  else if (person.conversationId) socket.join(roomOf(person.conversationId));

  socket.on("message", async ({ conversationId: named, content }, ack) => {
    try {
      if (typeof content !== "string" || content.trim() === "") throw new Error("a message has content");
      const conversationId = person.role === "agent" ? named : (person.conversationId ?? (await begin()));
      if (!conversationId) throw new Error("an agent's message names its conversation");
      const { message, unread } = await storeMessage(pool, person, { conversationId, content });
      tell(conversationId, "message", message, unread);
      ack(message);
    } catch (error) {
      ack({ error: (error as Error).message });
    }
  });

  socket.on("read", async (named, ack) => {
    const conversationId = person.role === "agent" ? named : person.conversationId;
    if (!conversationId) return ack({ error: "there is nothing to read" });
    try {
      await markRead(pool, person, conversationId);
      tell(conversationId, "read", conversationId, person.role);
      ack({ unread: 0 });
    } catch (error) {
      ack({ error: (error as Error).message });
    }
  });

  socket.on("resolve", async (conversationId, ack) => {
    try {
      if (person.role !== "agent") throw new Error("agents resolve");
      await resolve(pool, person, conversationId);
      tell(conversationId, "resolved", conversationId);
      ack({});
    } catch (error) {
      ack({ error: (error as Error).message });
    }
  });

  socket.on("typing", named => {
    const conversationId = person.role === "agent" ? named : person.conversationId;
    if (conversationId) tell(conversationId, "typing", conversationId, person.role);
  });

  socket.on("page", url => void socket.to(agentsOf(person.websiteId)).emit("page", person.id, url));

  function tell<Event extends keyof ToClient>(
    conversationId: string,
    ...event: [Event, ...Parameters<ToClient[Event]>]
  ) {
    socket.to([roomOf(conversationId), agentsOf(person.websiteId)]).emit(...event);
  }

  async function begin(): Promise<string> {
    person.conversationId = await beginConversation(pool, person);
    socket.join(roomOf(person.conversationId));
    return person.conversationId;
  }
});

const roomOf = (conversationId: string) => `conversation:${conversationId}`;
const agentsOf = (websiteId: number) => `agents:${websiteId}`;

http.listen(0, "127.0.0.1");
await once(http, "listening");
process.send?.({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, secret });
