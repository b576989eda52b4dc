import type { AgentClient } from "#lab/actors/people.ts";
import type { Message } from "#protocol/messages.ts";
import type { Website } from "#protocol/websites.ts";
import { test as base, expect } from "./chat.ts";
import { deskOf } from "./desk.ts";
import { startHost } from "./host.ts";

/** A website with the snippet in its pages, and an agent who answers over HTTP. */
export type Shop = {
  url: string;
  owner: AgentClient;
  website: Website;
  /** Serves a page at a path of the shop's own origin; returns its address. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  snippet(attributes?: string): string;
  /** Kills the server (SIGKILL) and starts it again on the same data. */
  kill(): Promise<void>;
  /** All messages of the conversation that has this text; empty if no conversation has it. */
  stored(body: string): Promise<Message[]>;
};

export const test = base.extend<object, { shop: Shop }>({
  shop: [
    async ({ chat }, provide) => {
      const host = await startHost("127.0.0.1");
      const website = await chat.createWebsite("Harbour Bikes", host.origin);
      const owner = await chat.createAgent(website, "Anna Berg", "admin");
      const { conversations, listMessages } = deskOf(owner, website);
      await provide({
        url: chat.url,
        owner,
        website,
        page: (path, html, headers = {}) =>
          host.page(path, {
            body: `<!doctype html><meta name="viewport" content="width=device-width"><title>Shop</title>${html}`,
            headers,
          }),
        snippet: attributes => chat.snippetOf(website, attributes),
        async kill() {
          await chat.kill();
          await chat.startAgain(chat.demoUrl);
        },
        async stored(body) {
          for (const { id } of await conversations()) {
            const messages = await listMessages(id);
            if (messages.some(message => message.body === body)) return messages;
          }
          return [];
        },
      });
      host.close();
    },
    { scope: "worker" },
  ],
});
export { expect };
