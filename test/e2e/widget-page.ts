import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Message, Website } from "#protocol/entities.ts";
import type { Inbox, Me } from "#protocol/requests.ts";
import { type AgentClient, createAgent } from "#test/harness/people.ts";
import { type Program, startProgram } from "#test/harness/programs.ts";

/** A whole Pro LiveChat as its owner starts it, and somebody else's page with the snippet in it. */
export type Shop = {
  url: string;
  owner: AgentClient;
  website: Website;
  /** Serves a page at a path of the shop's own origin, and says where. */
  page(path: string, html: string, headers?: Record<string, string>): string;
  snippet(attributes?: string): string;
  /** Ends the server without warning, and starts it again on the same data. */
  kill(): Promise<void>;
  /** All messages of the conversation that holds this text; empty when nobody wrote it. */
  stored(body: string): Promise<Message[]>;
};

export const test = base.extend<object, { shop: Shop }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures this one needs
    async ({}, use) => {
      const dataDir = mkdtempSync(join(tmpdir(), "prochat-widget-"));
      const pages = new Map<string, { html: string; headers: Record<string, string> }>();
      const host = createServer(({ url = "/" }, response) => {
        const { html, headers } = pages.get(url) ?? { html: "", headers: {} };
        response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(html);
      });
      const hostUrl = await listen(host);
      let program: Program | null = null;
      let url = "";

      async function start(): Promise<string> {
        const env = { PORT: url ? new URL(url).port : "0", DEMO_PORT: "off", DATA_DIR: dataDir };
        program = startProgram("src/cli/main.ts", ["start"], { env });
        const line = await program.firstLine;
        url = new URL(line.match(/http\S+/)![0]).origin;
        return line;
      }

      const code = (await start()).match(/code=([\w-]+)/)![1];
      const owner = await createAgent(url, "Anna Berg", agent =>
        agent.api<Me>("POST", "/setup", {
          code,
          owner: agent.account,
          website: { name: "Harbour Bikes", allowedOrigins: [hostUrl] },
        }),
      );
      const website = owner.me.websites[0]!;
      const path = `/websites/${website.id}`;
      await use({
        get url() {
          return url;
        },
        owner,
        website,
        page(path, html, headers = {}) {
          pages.set(path, {
            html: `<!doctype html><meta name="viewport" content="width=device-width"><title>Shop</title>${html}`,
            headers,
          });
          return hostUrl + path;
        },
        snippet: (attributes = "") =>
          `<script async src="${url}/widget.js" data-website="${website.publicKey}" ${attributes}></script>`,
        async kill() {
          program?.process.kill("SIGKILL");
          await program?.ended;
          await start();
        },
        async stored(body) {
          const { conversations } = await owner.api<Inbox>("GET", `${path}/inbox?view=all`);
          for (const { id } of conversations) {
            const { messages } = await owner.api<{ messages: Message[] }>(
              "GET",
              `${path}/conversations/${id}/messages`,
            );
            if (messages.some(message => message.body === body)) return messages;
          }
          return [];
        },
      });
      program!.process.kill("SIGTERM");
      await program!.ended;
      host.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],
});
export { expect };

/** What a visitor sees of the widget and does with it. */
export function widgetOn(page: Page) {
  const widget: Locator = page.locator("prochat-widget");
  const field = widget.getByRole("textbox", { name: "Message" });
  return {
    widget,
    field,
    bubble: widget.getByRole("button", { name: /^(Open|Close) chat/ }).last(),
    thread: widget.getByRole("log", { name: "Messages" }),
    offline: widget.getByText("Connection lost."),
    async open() {
      await widget.getByRole("button", { name: /^Open chat/ }).click();
      await expect(field).toBeFocused();
    },
    async write(...bodies: string[]) {
      for (const body of bodies) {
        await field.fill(body);
        await field.press("Enter");
      }
    },
    /** The messages on the screen, the visitor's and the agents', without the greeting. */
    bodies: async () => (await widget.locator(".group p").allInnerTexts()).slice(1),
    kept: () => page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length),
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
