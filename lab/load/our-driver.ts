import { type AgentClient, ask, openAgent } from "#client/agent.ts";
import { createApi } from "#client/api.ts";
import type { Browser } from "#client/socket/transport.ts";
import { openStorage } from "#client/storage.ts";
import { openVisitor, type VisitorClient } from "#client/visitor.ts";
import { createVisitorTokens, newVisitorId } from "#server/identity/visitor-token.ts";
import { browserOf } from "./browser.ts";
import { createTracker, follow, waitFor } from "./follow.ts";
import { OnlineClients } from "./online-clients.ts";
import type { Agent, Driver, Visitor } from "./system-under-test.ts";

export const origin = "https://shop.example";
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36";
const page = { url: `${origin}/bikes/touring?colour=green&size=54`, title: "Touring bikes – Shop" };

export type OurAccess = {
  url: string;
  /** of the data folder: the load generator signs tokens itself, because the server limits tokens per address */
  secret: string;
  websites: { id: number; userId: string; agentCookie: string }[];
};

export const openDriver = (access: OurAccess): OurDriver => new OurDriver(access);

/** The client of widget and dashboard, src/client, for many visitors and agents in one process. */
export class OurDriver implements Driver {
  readonly clients = new OnlineClients();
  readonly #access: OurAccess;
  readonly #tokens: ReturnType<typeof createVisitorTokens>;
  /** signed in advance, by website */
  readonly #signed = new Map<number, string[]>();

  constructor(access: OurAccess) {
    this.#access = access;
    this.#tokens = createVisitorTokens(access.secret);
  }

  /** Signs tokens in advance, one for each visitor's website, so that openVisitor() does not spend time on it. */
  async signTokens(websites: number[]): Promise<void> {
    for (const website of websites) {
      const ofWebsite = this.#signed.get(website) ?? [];
      ofWebsite.push(await this.#signToken(website));
      this.#signed.set(website, ofWebsite);
    }
  }

  async openVisitor({ website, localAddress, onMessage }: Parameters<Driver["openVisitor"]>[0]): Promise<Visitor> {
    const token = this.#signed.get(website)?.pop() ?? (await this.#signToken(website));
    const browser = browserOf({ localAddress, headers: { origin, "user-agent": userAgent } });
    const connect = (hasWritten: boolean) => this.#connectVisitor({ browser, token, hasWritten, onMessage });
    let { visitor, acknowledged } = await connect(false);
    return {
      send: body => acknowledged(visitor.send(body)),
      viewPage: url => visitor.viewPage({ ...page, url }),
      type: () => visitor.sync.setTyping(visitor.current()!.id, true),
      markRead() {
        const { id, lastSeq } = visitor.current()!;
        visitor.sync.markRead(id, lastSeq);
        return waitFor(visitor.sync, ({ conversations }) => conversations[id]!.visitorReadSeq >= lastSeq);
      },
      async comeBack() {
        ({ visitor, acknowledged } = await connect(true));
      },
      close: () => visitor.sync.close(),
    };
  }

  async #connectVisitor(p: {
    browser: Browser;
    token: string;
    hasWritten: boolean;
    onMessage: (body: string) => void;
  }) {
    let visitor!: VisitorClient;
    await this.clients.add(callbacks => {
      visitor = openVisitor({
        ...callbacks,
        url: this.#access.url,
        browser: p.browser,
        token: () => p.token,
        page: () => page,
        language: "en",
        hasWritten: () => p.hasWritten,
        outbox: openStorage(null, ""),
      });
      return visitor.sync;
    });
    follow(visitor.sync, ({ author, body }) => author === "agent" && p.onMessage(body));
    return { visitor, acknowledged: createTracker(visitor.sync) };
  }

  async openAgent({ website, localAddress, onMessage }: Parameters<Driver["openAgent"]>[0]): Promise<Agent> {
    const { url, websites } = this.#access;
    const { id: websiteId, userId, agentCookie } = websites[website]!;
    const headers = { origin: url, cookie: agentCookie, "user-agent": userAgent };
    const browser = browserOf({ localAddress, headers });
    const api = createApi(url, { fetch: browser.fetch });
    let sync!: AgentClient["sync"];
    await this.clients.add(callbacks => {
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
      resolve: conversationId =>
        ask(sync, "conversation.resolve", { websiteId, conversationId }, () =>
          api("POST", `/websites/${websiteId}/conversations/${conversationId}/resolve`),
        ),
      close: () => sync.close(),
    };
  }

  #signToken(website: number): Promise<string> {
    const { id: websiteId } = this.#access.websites[website]!;
    return this.#tokens.sign({ websiteId, visitorId: newVisitorId(), externalId: null, name: null, email: null });
  }
}
