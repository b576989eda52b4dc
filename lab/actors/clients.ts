import { WebSocket as Ws } from "ws";
import { openAgent } from "#client/agent.ts";
import type { Browser, Transport } from "#client/socket/transport.ts";
import { openStorage } from "#client/storage.ts";
import type { Sync } from "#client/sync.ts";
import { openVisitor } from "#client/visitor.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { AgentClient, VisitorClient } from "./people.ts";

/** The clients of widget and dashboard, run in Node. `loss.share` of the events is dropped, as pub/sub may drop them. */

export const loss = { share: 0 };

class LossySocket extends Ws {
  override emit(name: string | symbol, ...args: unknown[]): boolean {
    const isLost = name === "message" && Math.random() < loss.share && String(args[0]).startsWith('{"event"');
    return isLost ? true : super.emit(name, ...args);
  }
}

/**
 * Does for a client what a browser does: sends origin and cookie by itself.
 * @param onFrame  is called with each frame that arrives and with each answer to a GET request, and then with the time
 *   at which that request began, by performance.now()
 * @param events   fires the events of the page, such as focus
 */
export function browserOf(
  headers: Record<string, string>,
  { onFrame, events }: { onFrame?: (frame: object, askedAt?: number) => void; events?: EventTarget } = {},
): Browser {
  return {
    events: events ?? null,
    openSocket(url) {
      const socket = new LossySocket(url, { headers });
      socket.on("error", () => undefined); // a browser's socket only closes
      if (onFrame) socket.on("message", data => onFrame(JSON.parse(String(data))));
      return socket as unknown as Transport;
    },
    async fetch(url, init = {}) {
      const askedAt = init.method === "GET" ? performance.now() : undefined;
      const response = await fetch(url, { ...init, headers: { ...headers, ...(init.headers as object) } });
      if (!onFrame) return response;
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null);
      const { events, ...answer } = (body ?? {}) as { events?: object[] };
      for (const frame of events ?? [answer]) onFrame(frame, askedAt);
      return response;
    },
  };
}

/** @param url  of the server, or of a proxy before it */
export function visitorSync(url: string, visitor: VisitorClient): Sync<VisitorConversation> {
  return openVisitor({
    url,
    token: () => visitor.session.token,
    page: () => ({ url: "https://shop.example/", title: "" }),
    language: "en",
    outbox: openStorage(null, ""),
    browser: browserOf(visitor.headers),
  }).sync;
}

export function agentSync(url: string, agent: AgentClient): Sync<Conversation> {
  const { user, websites } = agent.me;
  return openAgent({
    url,
    userId: user.id,
    outbox: openStorage(null, ""),
    browser: browserOf({ ...agent.headers, origin: url }),
    websiteOf: () => websites[0]!.id,
  }).sync;
}
