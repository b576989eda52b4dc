import { openAgent } from "#client/agent.ts";
import { openStorage } from "#client/storage.ts";
import type { Sync } from "#client/sync.ts";
import { openVisitor, type VisitorClient } from "#client/visitor.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import { createVisitorTokens, newVisitorId } from "#server/identity/visitor-token.ts";
import { browserOf } from "./browser.ts";
import { createTracker, follow } from "./follow.ts";
import type { Chat } from "./system-under-test.ts";

export const origin = "https://shop.example";
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
const page = { url: `${origin}/bikes/touring?colour=green&size=54`, title: "Touring bikes – Shop" };

export type OurAccess = {
  url: string;
  /** of the data folder: visitors' tokens are signed here, for a server gives an address so many and no more */
  secret: string;
  websites: { id: number; userId: string; agentCookie: string }[];
};

export type OurDriver = Chat & {
  /** Signs a token for each of the visitors to come, by website, so that opening them takes no time for it. */
  signTokens(websites: number[]): Promise<void>;
  /** clients whose hello is answered, and of them those who came (back) since the last forget() */
  online(): { now: number; back: number };
  /** Counts from here on who comes back. */
  forget(): void;
  /** what every client that takes part holds: how many messages of which conversation; and how many are unsent */
  holdings(): { conversation: string; messages: number; unsent: number }[];
};

/** Refusals that no later try changes. */
const final = new Set<ErrorBody["code"]>(["origin_not_allowed", "session_expired", "not_signed_in", "not_found"]);

/** The widget's and the dashboard's own client, src/client, for many people in one process. */
export function openDriver({ url, secret, websites }: OurAccess): OurDriver {
  const tokens = createVisitorTokens(secret);
  const syncs: (Sync<Conversation> | Sync<VisitorConversation>)[] = [];
  const signed = new Map<number, string[]>();
  let [online, back, epoch] = [0, 0, 0];

  const signToken = (website: number) =>
    tokens.sign({
      websiteId: websites[website]!.id,
      visitorId: newVisitorId(),
      externalId: null,
      name: null,
      email: null,
    });

  /** Resolves at the first answered hello; counts who is online from then on. */
  function arrive(open: (options: Arrival) => Sync<Conversation> | Sync<VisitorConversation>): Promise<void> {
    const arrived = Promise.withResolvers<void>();
    let isOnline = false;
    let cameIn = -1;
    const sync = open({
      onOnline: arrived.resolve,
      onRefused(error) {
        if (!final.has(error.code)) return true;
        arrived.reject(new Error(`${error.code}: ${error.message}`));
        return false;
      },
    });
    syncs.push(sync);
    sync.subscribe(() => {
      const now = sync.getStatus() === "online";
      if (now === isOnline) return;
      isOnline = now;
      online += now ? 1 : -1;
      if (!now || cameIn === epoch) return;
      cameIn = epoch;
      back++;
    });
    return arrived.promise;
  }

  return {
    async signTokens(websites) {
      for (const website of websites) {
        const held = signed.get(website) ?? [];
        held.push(await signToken(website));
        signed.set(website, held);
      }
    },
    online: () => ({ now: online, back }),
    forget() {
      epoch++;
      back = 0;
    },
    holdings: () =>
      syncs.flatMap(sync => {
        const { threads, outbox } = sync.getState();
        return Object.entries(threads).map(([conversation, { messages }]) => ({
          conversation,
          messages: messages.length,
          unsent: outbox.length,
        }));
      }),

    async openVisitor({ website, localAddress, onMessage }) {
      const token = signed.get(website)?.pop() ?? (await signToken(website));
      const browser = browserOf({ localAddress, headers: { origin, "user-agent": userAgent } });
      let visitor!: VisitorClient;
      await arrive(arrival => {
        visitor = openVisitor({
          ...arrival,
          url,
          browser,
          token: () => token,
          page: () => page,
          language: "en",
          hasWritten: () => false,
          outbox: openStorage(null, ""),
        });
        return visitor.sync;
      });
      follow(visitor.sync, ({ author, body }) => author === "agent" && onMessage(body));
      const acknowledged = createTracker(visitor.sync);
      return { send: body => acknowledged(visitor.send(body)), close: () => visitor.sync.close() };
    },

    async openAgent({ website, localAddress, onMessage }) {
      const { id: websiteId, userId, agentCookie } = websites[website]!;
      const headers = { origin: url, cookie: agentCookie, "user-agent": userAgent };
      let sync!: Sync<Conversation>;
      await arrive(arrival => {
        const agent = openAgent({
          ...arrival,
          url,
          userId,
          browser: browserOf({ localAddress, headers }),
          outbox: openStorage(null, ""),
          onEvent({ event, data }) {
            // What is not opened is not held: an agent of the benchmark has every conversation open.
            if (event === "message.created") void sync.open(data.conversation.id).catch(() => undefined);
          },
        });
        sync = agent.sync;
        return sync;
      });
      follow(sync, ({ author, conversationId, body }) => author === "visitor" && onMessage(conversationId, body));
      const acknowledged = createTracker(sync);
      return {
        send: (conversationId, body) => acknowledged(sync.send({ conversationId, websiteId, kind: "text", body })),
        close: () => sync.close(),
      };
    },
  };
}

type Arrival = { onOnline: () => void; onRefused: (error: ErrorBody) => boolean };
