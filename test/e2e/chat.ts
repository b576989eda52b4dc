import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from "@playwright/test";
import { type AgentClient, createAgent } from "#lab/actors/people.ts";
import type { Me } from "#protocol/accounts.ts";
import type { Website } from "#protocol/websites.ts";
import { type ChatServer, startServer } from "./server.ts";

/** A server that is set up, and its owner, who calls the API as a browser would. */
export type Chat = ChatServer & {
  owner: AgentClient;
  demoUrl: string;
  /** an account of a new agent of this website; a server takes 20 invitations in 15 minutes */
  createAgent(website: Website, name: string, role?: "agent" | "admin"): Promise<AgentClient>;
  createWebsite(name: string, allowedOrigin?: string): Promise<Website>;
  /** the script tag that adds the chat to a page */
  snippetOf(website: Website, attributes?: string): string;
  /** a demo page with the website's snippet */
  demoPageOf(website: Website): string;
};

type Options = BrowserContextOptions & {
  /** the agent who is signed in there */
  as?: AgentClient;
};

type Fixtures = {
  /** a server for this test only, not set up yet */
  freshServer: ChatServer;
  /** a new website for each test: its inbox holds only the test's conversations */
  website: Website;
  /** a new browser, at this address */
  visit(address: string, options?: Options): Promise<Page>;
  /** a new browser in which this agent is signed in, at this path of the dashboard */
  signedIn(agent: AgentClient, path: string, options?: Options): Promise<Page>;
};

export const test = base.extend<Fixtures, { server: ChatServer; chat: Chat }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads here which fixtures this one needs
  server: [({}, provide) => provideServer(provide), { scope: "worker" }],
  chat: [({ server }, provide) => setUp(server).then(provide), { scope: "worker" }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads here which fixtures this one needs
  freshServer: ({}, provide) => provideServer(provide),

  website: ({ chat }, provide) => chat.createWebsite("Harbour Bikes").then(provide),

  visit: async ({ browser }, provide) => {
    const contexts: BrowserContext[] = [];
    await provide(async (address, { as, ...options } = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      if (as) await context.addCookies(cookiesOf(as, address));
      const page = await context.newPage();
      await page.goto(address);
      return page;
    });
    await Promise.all(contexts.map(context => context.close()));
  },

  signedIn: ({ chat, visit }, provide) =>
    provide((agent, path, options) => visit(chat.url + path, { ...options, as: agent })),
});

export { expect };

async function provideServer(provide: (server: ChatServer) => Promise<void>) {
  const server = await startServer();
  await provide(server);
  await server.stop();
}

/** Sets the server up over HTTP, as the set-up page does. */
export async function setUp(server: ChatServer): Promise<Chat> {
  const code = new URL(server.setupAddress!).searchParams.get("code");
  const owner = await createAgent(server.url, "Olga Owner", agent =>
    agent.api<Me>("POST", "/setup", {
      code,
      owner: agent.account,
      website: { name: "First Shop", allowedOrigins: ["https://shop.example"] },
    }),
  );
  const demoUrl = owner.me.demoUrl!;
  return {
    ...server,
    owner,
    demoUrl,
    async createAgent(website, name, role = "agent") {
      const invitation = await owner.api<{ token: string }>("POST", `/websites/${website.id}/invitations`, { role });
      return createAgent(server.url, name, agent =>
        agent.api<Me>("POST", `/invitations/${invitation.token}`, { account: agent.account }),
      );
    },
    createWebsite: (name, allowedOrigin = "https://shop.example") =>
      owner.api<Website>("POST", "/websites", { name, allowedOrigins: [allowedOrigin] }),
    snippetOf: ({ publicKey }, attributes = "") =>
      `<script async src="${server.url}/widget.js" data-website="${publicKey}" ${attributes}></script>`,
    demoPageOf: website => `${demoUrl}/?website=${website.publicKey}`,
  };
}

/** The session that the agent got over HTTP, for a browser. */
const cookiesOf = ({ headers }: AgentClient, address: string) =>
  headers.cookie!.split("; ").map(cookie => {
    const [name = "", ...value] = cookie.split("=");
    return { name, value: value.join("="), url: new URL(address).origin };
  });
