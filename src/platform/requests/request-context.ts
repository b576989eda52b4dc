import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** What the running code works for. Log lines, slow queries and traces read it; no function passes it on. */
export type RequestContext = {
  /** the id of the request or job; null: a batch, or none */
  request: string | null;
  /** of the requests in a batch */
  batch: readonly string[] | null;
  /** the name of the query that sends statements now */
  query: string | null;
  /** null: nothing is traced */
  span: Span | null;
};

/** A part of a trace: tracing.ts makes them. */
export type Span = {
  start(name: string, kind: "server" | "client" | "internal", attributes: Record<string, string | number>): Span;
  /** @param failed  true if it did not do what it was asked for */
  end(failed: boolean, attributes?: Record<string, string | number>): void;
};

/** Sends traces to a collector. Their attributes are names, numbers and ids: never people's words. */
export type Tracing = Pick<Span, "start"> & {
  /** Sends what is left. */
  stop(): Promise<void>;
};

const none: RequestContext = { request: null, batch: null, query: null, span: null };
const storage = new AsyncLocalStorage<RequestContext>();

export const currentContext = (): RequestContext => storage.getStore() ?? none;

/** Runs a request's or a job's code. */
export const inRequest = <T>(request: string, run: () => T): T =>
  storage.run({ request, batch: null, query: null, span: currentContext().span }, run);

/** Runs what several requests wait for. @param span  of one of them */
export const inBatch = <T>(batch: readonly string[], span: Span | null, run: () => T): T =>
  storage.run({ request: null, batch, query: null, span }, run);

/** Runs what a span measures. */
export const inSpan = <T>(span: Span | null, run: () => T): T => storage.run({ ...currentContext(), span }, run);

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
