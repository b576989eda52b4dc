import type { IncomingHttpHeaders } from "node:http";

/** A request's headers in the shape of the platform. */
export const headersOf = ({ headers }: { headers: IncomingHttpHeaders }): Headers =>
  new Headers(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
