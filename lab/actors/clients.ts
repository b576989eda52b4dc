import { WebSocket as Ws } from "ws";
import type { Refusal } from "#client/api.ts";
import type { Asked } from "#client/store.ts";
import { createSync, type Sync } from "#client/sync.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { AgentPage, VisitorPage } from "#protocol/messages.ts";
import type { AgentClient, VisitorClient } from "./people.ts";

/**
 * The widget's and the dashboard's own client, run in Node: a browser would send cookie and origin by itself, so the
 * socket's address says whose they are. A share of the events can be lost on the way, as pub/sub may lose them.
 */

/** What came, frame by frame. */
type OnFrame = (frame: Record<string, unknown>) => void;
const known = new Map<string, { headers: Record<string, string>; onFrame: OnFrame | undefined }>();
export const loss = { share: 0 };

class BrowserSocket extends Ws {
  constructor(address: string) {
    const { headers, onFrame } = known.get(new URL(address).searchParams.get("who")!)!;
    super(address, { headers });
    this.on("error", () => undefined); // a browser's socket only closes
    if (onFrame) this.on("message", data => onFrame(JSON.parse(String(data))));
  }

  override emit(name: string | symbol, ...args: unknown[]): boolean {
    const isLost = name === "message" && Math.random() < loss.share && String(args[0]).startsWith('{"event"');
    return isLost ? true : super.emit(name, ...args);
  }
}
const fetchBare = globalThis.fetch;

/** Of the requests that stand for a socket. */
async function fetchAsBrowser(address: string, init: RequestInit = {}) {
  const who = known.get(new URL(address).searchParams.get("who") ?? "");
  if (!who) return fetchBare(address, init);
  const response = await fetchBare(address, { ...init, headers: { ...who.headers, ...(init.headers as object) } });
  if (!who.onFrame) return response;
  const { events, ...answer } = (await response.clone().json()) as { events?: Record<string, unknown>[] };
  for (const frame of events ?? [answer]) who.onFrame(frame);
  return response;
}
Object.assign(globalThis, { WebSocket: BrowserSocket, fetch: fetchAsBrowser });

let count = 0;
/** A socket's address at the server, or at what stands before it, that says whose the socket is. */
export function addressOf(url: string, headers: Record<string, string>, onFrame?: OnFrame): string {
  const who = String(++count);
  known.set(who, { headers, onFrame });
  return `${url.replace(/^http/, "ws")}/api/v1/socket?who=${who}`;
}

const noOutbox = { load: () => [], save: () => undefined };

/** @param url  of the server or of what stands before it */
export function visitorSync(url: string, visitor: VisitorClient): Sync<VisitorConversation> {
  const page = { url: "https://shop.example/", title: "" };
  return createSync<VisitorConversation>({
    url: addressOf(url, visitor.headers),
    hello: () => ({ as: "visitor", token: visitor.session.token, page, language: "en" }),
    onRefused: () => true,
    fetchPage: (id, asked) =>
      get<VisitorPage>(url, `/widget/conversations/${id}/messages?${query(asked)}`, visitor.headers),
    sendParams: ({ id, conversationId, body }) => ({ id, conversationId, body }),
    outbox: noOutbox,
  });
}

export function agentSync(url: string, agent: AgentClient): Sync<Conversation> {
  const websiteId = agent.me.websites[0]!.id;
  return createSync<Conversation>({
    url: addressOf(url, { ...agent.headers, origin: url }),
    hello: () => ({ as: "agent" }),
    onRefused: () => true,
    fetchPage: (id, asked) =>
      get<AgentPage>(url, `/websites/${websiteId}/conversations/${id}/messages?${query(asked)}`, agent.headers),
    sendParams: ({ id, conversationId, kind, body }) => ({ id, websiteId, conversationId, kind, body }),
    outbox: noOutbox,
  });
}

export const query = ({ before, after }: Asked) => {
  if (before !== undefined) return `before=${before}`;
  return after === undefined ? "" : `after=${after}`;
};

/** Rejects with a Refusal, as a browser's client does. */
export async function get<Body>(url: string, path: string, headers: Record<string, string>): Promise<Body> {
  const response = await fetch(`${url}/api/v1${path}`, { headers }).catch(() => null);
  if (response?.ok) return (await response.json()) as Body;
  throw { status: response?.status ?? 0, code: "unreachable", message: "no answer" } satisfies Refusal;
}
