import type { IncomingHttpHeaders } from "node:http";

/** A request's headers as an object of the web platform. */
export const headersOf = ({ headers }: { headers: IncomingHttpHeaders }): Headers =>
  new Headers(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
