import type { FastifyInstance } from "fastify";
import { AppError } from "#protocol/errors.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** The methods of each address that is added from now on. */
export function listRoutes(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const routes = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = routes.get(url) ?? new Set();
    for (const each of [method].flat()) known.add(each);
    routes.set(url, known);
  });
  return routes;
}

/** At an address that there is, another method is answered with 405 and the methods that are possible. */
export function refuseOtherMethods(app: FastifyInstance, routes: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, known] of [...routes]) {
    const allowed = [...known].sort();
    const method = methods.filter(each => !known.has(each));
    app.route({
      method,
      url,
      schema: { hide: true },
      onRequest: async (request, reply) => {
        reply.header("allow", allowed.join(", "));
        throw notAllowed(request.method, request.url, allowed);
      },
      handler: () => {},
    });
  }
}

export const notAllowed = (method: string, url: string, allowed: string[]) =>
  new AppError("method_not_allowed", `${method} is not possible at ${url.split("?")[0]}. Use ${allowed.join(" or ")}.`);
