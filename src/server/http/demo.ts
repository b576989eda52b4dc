import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Db } from "#database/connect.ts";
import { findFirstPublicKey } from "#server/features/websites/queries.ts";
import { hostInUrl, listenOn, timeouts } from "./listener.ts";

/**
 * Serves the demo page on a port of its own.
 * @throws AppError "port_unavailable"
 */
export async function openDemo(db: Db, p: { port: number; host: string; chatUrl: string }) {
  const demo = createDemo(db, () => p.chatUrl);
  await listenOn(demo, p);
  const { port } = demo.address() as AddressInfo;
  return { url: `http://${hostInUrl(p.host)}:${port}`, close: () => void demo.close() };
}

/**
 * A page on another origin, like a customer's page: it has nothing of ours but the snippet.
 * @param chatUrl  the server's address in the visitor's browser
 */
function createDemo(db: Db, chatUrl: () => string): Server {
  return createServer(timeouts, async (request, response) => {
    try {
      const { searchParams } = new URL(request.url ?? "/", "http://demo");
      const key = searchParams.get("website") ?? (await findFirstPublicKey(db));
      const page = key ? pageWith(chatUrl(), key) : "<!doctype html><title>Demo</title><p>Set the chat up first.";
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(page);
    } catch {
      response.writeHead(503, { "content-type": "text/plain" }).end("The database does not answer. Try again.");
    }
  });
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);

const pageWith = (chatUrl: string, key: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour Bikes</title>
<style>
  body { font: 17px/1.6 Georgia, serif; color: #222; background: #faf8f4; max-width: 40rem; margin: 4rem auto; padding: 0 1.25rem }
  h1 { font-size: 2.2rem; line-height: 1.2; margin: 0 0 .5rem }
  nav a { margin-right: 1rem; color: #7a4b12 }
  aside { margin-top: 3rem; padding: 1rem 1.25rem; background: #f1ebdf; font: 14px/1.5 system-ui, sans-serif }
  @media (prefers-color-scheme: dark) {
    body { color: #e8e4da; background: #1d1b18 } nav a { color: #e0b070 } aside { background: #2a2722 }
  }
</style>
<h1>Harbour Bikes</h1>
<nav><a href="?website=${escapeHtml(encodeURIComponent(key))}&amp;page=bikes">Bikes</a><a href="?website=${escapeHtml(encodeURIComponent(key))}&amp;page=repairs">Repairs</a></nav>
<p>We rent and mend bicycles by the old harbour. Choose one for the day, or bring yours in before ten and ride it home at five.</p>
<p>Not sure which frame fits, or whether we have a trailer left for Saturday? Ask us.</p>
<aside>This is a demo: a shop's page on an origin of its own, with your chat's snippet in it. Write in the bubble, and answer in the inbox.</aside>
<script async src="${escapeHtml(chatUrl)}/widget.js" data-website="${escapeHtml(key)}"></script>
</html>
`;
