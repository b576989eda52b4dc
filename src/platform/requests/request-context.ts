import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** What the running code works for. Log lines and slow queries read it; no function passes it on. */
export type RequestContext = {
  /** the id of the request or job; null: a batch, or none */
  request: string | null;
  /** of the requests in a batch */
  batch: readonly string[] | null;
  /** the name of the query that sends statements now */
  query: string | null;
};

const none: RequestContext = { request: null, batch: null, query: null };
const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext => storage.getStore() ?? none;

/** Runs a request's or a job's code. */
export const inRequest = <T>(request: string, run: () => T): T =>
  storage.run({ request, batch: null, query: null }, run);

/** Runs what several requests wait for. */
export const inBatch = <T>(batch: readonly string[], run: () => T): T =>
  storage.run({ request: null, batch, query: null }, run);

/** Runs code whose statements have this name, unless a query inside has its own. */
export const inQuery = <T>(query: string, run: () => T): T => storage.run({ ...currentContext(), query }, run);

/** Runs code that outlives the request that happens to start it. */
export const outsideRequests = <T>(run: () => T): T => storage.run(none, run);

// Letters and digits that people do not mix up when they read them out.
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz";
const processPart = [...randomBytes(5)].map(byte => alphabet[byte % alphabet.length]).join("");
let requests = 0;

/** Such as "k3f9x-1204": short enough to read out on the phone, and unique among the processes of an installation. */
export const newRequestId = (): string => `${processPart}-${++requests}`;
