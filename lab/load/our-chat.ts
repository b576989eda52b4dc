import type { Asked } from "#client/store.ts";
import { createSync, type Sync } from "#client/sync.ts";
import type { Conversation, VisitorConversation } from "#protocol/conversations.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { createVisitorTokens, newVisitorId } from "#server/identity/visitor-token.ts";
import { addPerson, becomeBrowser } from "./browser.ts";
import { createSender, follow } from "./follow.ts";
import type { Chat } from "./talker.ts";

export const origin = "https://shop.example";
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
const page = { url: `${origin}/bikes/touring?colour=green&size=54`, title: "Touring bikes – Shop" };

export type OurPlace = {
  url: string;
  /** of the data folder: visitors' tokens are signed here, for a server gives an address so many and no more */
  secret: string;
  websites: { id: number; agentCookie: string }[];
};

export type OurChat = Chat & {
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
export function openChat({ url, secret, websites }: OurPlace): OurChat {
  becomeBrowser();
  const tokens = createVisitorTokens(secret);
  const socketUrl = `${url.replace(/^http/, "ws")}/api/v1/socket`;
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
      const headers = { origin, "user-agent": userAgent };
      const query = addPerson({ localAddress, headers });
      let sync!: Sync<VisitorConversation>;
      const newest = () => Object.values(sync.getState().conversations).at(-1)?.id ?? null;
      await arrive(({ onOnline, onRefused }) => {
        sync = createSync<VisitorConversation>({
          url: `${socketUrl}?${query}`,
          hello: () => ({ as: "visitor", token, page, language: "en", hasWritten: newest() !== null }),
          onRefused,
          onOnline(answer) {
            sync.apply({ event: "heartbeat", data: answer as VisitorWelcome });
            onOnline();
          },
          fetchPage: (id, asked) =>
            fetchJson(`${url}/api/v1/widget/conversations/${id}/messages?${queryOf(asked)}${query}`, {
              authorization: `Bearer ${token}`,
            }),
          sendParams: ({ id, body }) => ({ id, body, conversationId: newest() }),
          outbox: noOutbox,
        });
        return sync;
      });
      follow(sync, ({ author, body }) => author === "agent" && onMessage(body));
      const send = createSender(sync);
      return {
        send: body => send({ conversationId: newest(), websiteId: null, kind: "text", body }),
        close: () => sync.close(),
      };
    },

    async openAgent({ website, localAddress, onMessage }) {
      const { id: websiteId, agentCookie } = websites[website]!;
      const headers = { origin: url, cookie: agentCookie, "user-agent": userAgent };
      const query = addPerson({ localAddress, headers });
      let sync!: Sync<Conversation>;
      await arrive(({ onOnline, onRefused }) => {
        sync = createSync<Conversation>({
          url: `${socketUrl}?${query}`,
          hello: () => ({ as: "agent" }),
          onRefused,
          onOnline,
          fetchPage: (id, asked) =>
            fetchJson(`${url}/api/v1/websites/${websiteId}/conversations/${id}/messages?${queryOf(asked)}${query}`),
          sendParams: ({ id, conversationId, kind, body }) => ({ id, websiteId, conversationId, kind, body }),
          outbox: noOutbox,
          onEvent({ event, data }) {
            // What is not opened is not held: an agent of the benchmark has every conversation open.
            if (event === "message.created") void sync.open(data.conversation.id).catch(() => undefined);
          },
        });
        return sync;
      });
      follow(sync, ({ author, conversationId, body }) => author === "visitor" && onMessage(conversationId, body));
      const send = createSender(sync);
      return {
        send: (conversationId, body) => send({ conversationId, websiteId, kind: "text", body }),
        close: () => sync.close(),
      };
    },
  };
}

type Arrival = { onOnline: () => void; onRefused: (error: ErrorBody) => boolean };

const noOutbox = { load: () => [], save: () => undefined };

const queryOf = ({ after, before }: Asked) =>
  after === undefined ? (before === undefined ? "" : `before=${before}&`) : `after=${after}&`;

/** @throws Refusal as src/client wants it: with a status of 0 where there was no answer */
async function fetchJson<Body>(address: string, headers: Record<string, string> = {}): Promise<Body> {
  const response = await fetch(address, { headers }).catch(() => null);
  if (response?.ok) return (await response.json()) as Body;
  throw { status: response?.status ?? 0, code: "unreachable", message: "no answer" };
}
