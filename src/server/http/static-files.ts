import { randomBytes } from "node:crypto";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { AppError } from "#protocol/errors.ts";
import { notAllowed } from "./methods.ts";

const dist = join(import.meta.dirname, "../../../dist");
const yearSeconds = 365 * 86_400;
const loaderSeconds = 300;

/**
 * Serves the dashboard and the widget as they were built.
 * @throws AppError "not_built"
 */
export async function serveScreens(app: FastifyInstance): Promise<void> {
  const widget = join(dist, "widget");
  await Promise.all([readIndex(), access(join(widget, "widget.js")).catch(notBuilt)]);

  // A file with a hash in its name never changes. The build writes each one compressed too.
  const files = { preCompressed: true, decorateReply: false, index: false as const };
  const forever = { ...files, maxAge: yearSeconds * 1000, immutable: true };
  await app.register(fastifyStatic, { root: join(dist, "dashboard/assets"), prefix: "/assets/", ...forever });
  await app.register(fastifyStatic, {
    root: widget,
    prefix: "/widget/",
    ...forever,
    decorateReply: true,
    setHeaders: reply => void reply.headers(anyPage),
  });
  app.get("/widget.js", { schema: { hide: true } }, (_request, reply) =>
    reply.headers(anyPage).sendFile("widget.js", widget, { maxAge: loaderSeconds * 1000, immutable: false }),
  );
  app.setNotFoundHandler(async (request, reply) => {
    if (!reads.includes(request.method)) {
      reply.header("allow", reads.join(", "));
      throw notAllowed(request.method, request.url, reads);
    }
    const isPage = !/\.\w+$/.test(request.url.split("?")[0]!);
    if (isPage) return sendPage(reply, await readIndex());
    throw new AppError("not_found", "There is nothing at this address.");
  });
}

const reads = ["GET", "HEAD"];

/** Any page may load the widget; the API checks which pages may use it. */
const anyPage = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };

/** All addresses of the dashboard are one page. A new nonce in each answer allows its styles. */
function sendPage(reply: FastifyReply, index: string) {
  const nonce = randomBytes(16).toString("base64url");
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return reply
    .headers({ "content-security-policy": policy.join("; "), "cache-control": "no-store" })
    .type("text/html; charset=utf-8")
    .send(index.replaceAll("__CSP_NONCE__", nonce));
}

/** Read for each answer: a build while the server runs changes the names of the files. */
const readIndex = () => readFile(join(dist, "dashboard/index.html"), "utf8").catch(notBuilt);

function notBuilt(cause: unknown): never {
  throw new AppError("not_built", "The dashboard and the widget are not built yet. Run: npm run build", { cause });
}
