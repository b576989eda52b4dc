import type { ToldAvailability } from "#protocol/agents.ts";
import * as clientLimits from "#protocol/client-limits.ts";
import type { Conversation } from "#protocol/conversations.ts";
import { type ErrorBody, errorStatus } from "#protocol/errors.ts";
import type { AgentPage } from "#protocol/messages.ts";
import type { AgentEvent, SocketCommand } from "#protocol/socket.ts";
import { applyForAgent } from "./agent-store.ts";
import { type Api, createApi, type Refusal } from "./api.ts";
import { openOutbox } from "./outbox.ts";
import type { SocketOptions } from "./socket/reconnect.ts";
import type { TextStorage } from "./storage.ts";
import { messagesPath, Sync, socketUrl } from "./sync.ts";

export type AgentOptions = {
  /** where the server is, such as https://chat.example.com */
  url: string;
  userId: string;
  /** keeps this agent's unsent messages */
  outbox: TextStorage;
  browser?: SocketOptions["browser"];
  api?: Api;
  /** the agent's availability at this moment; without it the server assumes "online" */
  availability?: () => ToldAvailability;
  /** The website of a conversation that the state does not hold yet. */
  websiteOf?: (conversationId: string) => number | undefined;
  onRefused?: SocketOptions["onRefused"];
  /** After every hello: fetch here what events alone do not bring. */
  onOnline?: () => void;
  onEvent?: (event: AgentEvent) => void;
};

/** An agent's connection, for all of their websites. */
export type AgentClient = {
  sync: Sync<Conversation>;
  /** To be called after `availability` has changed. */
  sendAvailability(): void;
  /** Asks for the pages that a visitor opens, of one visitor at a time. @returns how to stop */
  watchVisitor(visitor: WatchedVisitor): () => void;
};

type WatchedVisitor = { websiteId: number; visitorId: string };

export function openAgent(options: AgentOptions): AgentClient {
  const { url, userId, browser, availability, onRefused = () => true } = options;
  const { api = createApi(url, { fetch: browser?.fetch }) } = options;
  let availabilityAtHello: ToldAvailability | undefined;
  let watched: WatchedVisitor | null = null;

  const sync: Sync<Conversation> = new Sync<Conversation>({
    url: socketUrl(url),
    browser,
    reduce: applyForAgent,
    hello() {
      availabilityAtHello = availability?.();
      return { as: "agent", protocol: clientLimits.protocolVersion, availability: availabilityAtHello };
    },
    onRefused,
    onOnline() {
      if (availability?.() !== availabilityAtHello) sendAvailability();
      if (watched) sync.signal("visitor.watch", watched);
      options.onOnline?.();
    },
    fetchPage: (conversationId, asked) =>
      ask(sync, "message.list", { ...target(conversationId), ...asked }, () =>
        api<AgentPage>("GET", messagesPath(`/websites/${websiteOf(conversationId)}`, conversationId, asked)),
      ),
    sendParams: ({ websiteId, conversationId, id, kind, body }) => ({ websiteId, conversationId, id, kind, body }),
    target,
    outbox: openOutbox(options.outbox),
    onEvent: event => options.onEvent?.(event as AgentEvent),
    // Otherwise an agent's own typing would hide the visitor's.
    isEcho: ({ event, data }) => event === "conversation.typing" && "authorId" in data && data.authorId === userId,
  });

  function target(conversationId: string) {
    return { websiteId: websiteOf(conversationId), conversationId };
  }

  function sendAvailability() {
    sync.signal("agent.availability", { availability: availability?.() });
  }

  function watchVisitor(visitor: WatchedVisitor) {
    watched = visitor;
    sync.signal("visitor.watch", visitor);
    return () => {
      if (watched !== visitor) return; // another one is watched by now
      watched = null;
      sync.signal("visitor.watch", { ...visitor, visitorId: null });
    };
  }

  function websiteOf(conversationId: string): number | undefined {
    const rows = sync.getState().conversations;
    const row = rows[conversationId] ?? Object.values(rows).find(next => next.continuesId === conversationId);
    return row?.websiteId ?? options.websiteOf?.(conversationId);
  }

  return { sync, sendAvailability, watchVisitor };
}

/**
 * Asks over the socket, where the server knows the agent already; over HTTP if the socket is not online, or breaks. For
 * commands that do no harm when they are repeated. Rejects with a Refusal.
 */
export const ask = <Answer>(
  sync: Pick<Sync<Conversation>, "request">,
  command: SocketCommand,
  params: object,
  overHttp: () => Promise<Answer>,
): Promise<Answer> =>
  sync.request<Answer>(command, params).catch((error: ErrorBody | null) => {
    // As over HTTP: which way it went makes no difference to the caller.
    if (error) throw { ...error, status: errorStatus[error.code] } satisfies Refusal;
    return overHttp();
  });
