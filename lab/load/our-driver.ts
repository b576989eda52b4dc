import { type AgentClient, openAgent } from "#client/agent.ts";
import { createApi } from "#client/api.ts";
import { openStorage } from "#client/storage.ts";
import { openVisitor, type VisitorClient } from "#client/visitor.ts";
import { createVisitorTokens, newVisitorId } from "#server/identity/visitor-token.ts";
import { browserOf } from "./browser.ts";
import { createTracker, follow, waitFor } from "./follow.ts";
import { OnlineClients } from "./online-clients.ts";
import type { Driver } from "./system-under-test.ts";

export const origin = "https://shop.example";
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
const page = { url: `${origin}/bikes/touring?colour=green&size=54`, title: "Touring bikes – Shop" };

export type OurAccess = {
  url: string;
  /** of the data folder: tokens are signed here, as a server gives each address only so many */
  secret: string;
  websites: { id: number; userId: string; agentCookie: string }[];
};

export type OurDriver = Driver & {
  clients: OnlineClients;
  /** Signs tokens in advance, one for each visitor's website, so that openVisitor() does not spend time on it. */
  signTokens(websites: number[]): Promise<void>;
};

/** The client of widget and dashboard, src/client, for many visitors and agents in one process. */
export function openDriver({ url, secret, websites }: OurAccess): OurDriver {
  const clients = new OnlineClients();
  const tokens = createVisitorTokens(secret);
  const signed = new Map<number, string[]>();

  const signToken = (website: number) =>
    tokens.sign({
      websiteId: websites[website]!.id,
      visitorId: newVisitorId(),
      externalId: null,
      name: null,
      email: null,
    });

  return {
    clients,
    async signTokens(websites) {
      for (const website of websites) {
        const ofWebsite = signed.get(website) ?? [];
        ofWebsite.push(await signToken(website));
        signed.set(website, ofWebsite);
      }
    },

    async openVisitor({ website, localAddress, onMessage }) {
      const token = signed.get(website)?.pop() ?? (await signToken(website));
      const browser = browserOf({ localAddress, headers: { origin, "user-agent": userAgent } });
      let visitor!: VisitorClient;
      let acknowledged!: ReturnType<typeof createTracker>;
      let hasWritten = false;

      async function connect() {
        await clients.add(callbacks => {
          visitor = openVisitor({
            ...callbacks,
            url,
            browser,
            token: () => token,
            page: () => page,
            language: "en",
            hasWritten: () => hasWritten,
            outbox: openStorage(null, ""),
          });
          return visitor.sync;
        });
        follow(visitor.sync, ({ author, body }) => author === "agent" && onMessage(body));
        acknowledged = createTracker(visitor.sync);
      }

      await connect();
      return {
        send: body => acknowledged(visitor.send(body)),
        viewPage: url => visitor.viewPage({ ...page, url }),
        type: () => visitor.sync.setTyping(visitor.current()!.id, true),
        markRead() {
          const { id, lastSeq } = visitor.current()!;
          visitor.sync.markRead(id, lastSeq);
          return waitFor(visitor.sync, ({ conversations }) => conversations[id]!.visitorReadSeq >= lastSeq);
        },
        comeBack() {
          hasWritten = true;
          return connect();
        },
        close: () => visitor.sync.close(),
      };
    },

    async openAgent({ website, localAddress, onMessage }) {
      const { id: websiteId, userId, agentCookie } = websites[website]!;
      const headers = { origin: url, cookie: agentCookie, "user-agent": userAgent };
      const browser = browserOf({ localAddress, headers });
      const api = createApi(url, { fetch: browser.fetch });
      let sync!: AgentClient["sync"];
      await clients.add(callbacks => {
        const agent = openAgent({
          ...callbacks,
          url,
          userId,
          browser,
          api,
          outbox: openStorage(null, ""),
          onEvent({ event, data }) {
            // A client holds only the conversations that it has opened: this agent opens all of them.
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
        type: conversationId => sync.setTyping(conversationId, true),
        markRead(conversationId) {
          const { lastSeq } = sync.getState().conversations[conversationId]!;
          sync.markRead(conversationId, lastSeq);
          return waitFor(sync, ({ conversations }) => conversations[conversationId]!.agentReadSeq >= lastSeq);
        },
        resolve: conversationId => api("POST", `/websites/${websiteId}/conversations/${conversationId}/resolve`, {}),
        close: () => sync.close(),
      };
    },
  };
}
