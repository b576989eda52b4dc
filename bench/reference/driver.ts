import { randomUUID } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import type { Driver } from "#lab/load/system-under-test.ts";
import type { Access, Message, Person, ToClient, ToServer } from "./events.ts";
import { signToken } from "./token.ts";

export type ChatSocket = Socket<ToClient, ToServer>;

const replyTimeoutMs = 30_000;

/** Visitors and agents of the reference, each with a socket of their own. */
export function openDriver(access: Access): Driver {
  return {
    async openVisitor({ website, localAddress, onMessage }) {
      const person: Person = { role: "visitor", id: randomUUID(), websiteId: website };
      const open = () => connect(access, person, localAddress, ({ content }) => onMessage(content));
      let socket = await open();
      return {
        send: content => send(socket, { content }),
        viewPage: url => void socket.emit("page", url),
        type: () => void socket.emit("typing"),
        markRead: () => ask(socket.timeout(replyTimeoutMs).emitWithAck("read", undefined)),
        async comeBack() {
          socket = await open();
        },
        close: () => void socket.close(),
      };
    },
    async openAgent({ website, localAddress, onMessage }) {
      const person: Person = { role: "agent", id: randomUUID(), websiteId: website };
      const receive = ({ conversationId, content }: Message) => onMessage(conversationId, content);
      const socket = await connect(access, person, localAddress, receive);
      return {
        send: (conversationId, content) => send(socket, { conversationId, content }),
        type: conversationId => void socket.emit("typing", conversationId),
        markRead: conversationId => ask(socket.timeout(replyTimeoutMs).emitWithAck("read", conversationId)),
        resolve: conversationId => ask(socket.timeout(replyTimeoutMs).emitWithAck("resolve", conversationId)),
        close: () => void socket.close(),
      };
    },
  };
}

/** @throws Error when the server refuses or is not there */
export async function connect(
  { url, secret }: Access,
  person: Person,
  localAddress: string,
  onMessage: ToClient["message"],
): Promise<ChatSocket> {
  const auth = { token: await signToken(secret, person) };
  // Its types do not have localAddress, which it passes to ws.
  const options = { transports: ["websocket"], forceNew: true, auth, localAddress };
  const socket: ChatSocket = io(url, options);
  socket.on("message", onMessage);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", error => {
      socket.close();
      reject(error);
    });
  });
  return socket;
}

const send = (socket: ChatSocket, message: { conversationId?: string; content: string }) =>
  ask(socket.timeout(replyTimeoutMs).emitWithAck("message", message));

async function ask(replying: Promise<object>): Promise<void> {
  const reply = await replying;
  if ("error" in reply) throw new Error(String(reply.error));
}
