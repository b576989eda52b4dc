import { randomBytes } from "node:crypto";
import { newId } from "#client/ids.ts";
import type { Account, Me } from "#protocol/accounts.ts";
import type { ErrorBody } from "#protocol/errors.ts";
import type { Inbox } from "#protocol/inbox.ts";
import { limits } from "#protocol/limits.ts";
import type { AgentSent, VisitorSent } from "#protocol/messages.ts";
import type { VisitorWelcome, WidgetSession } from "#protocol/widget.ts";
import { openSocket, type TestSocket } from "./sockets.ts";

const protocol = limits.protocolVersion;

/** Agents and visitors who use the server over HTTP and sockets, as a browser does. */

export type Answer = { status: number; body: unknown; headers: Headers };

type Caller = {
  headers: Record<string, string>;
  /** Resolves with the answer, also with a refusal. */
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Resolves with the answer's body. @throws Refused */
  api<Body>(method: string, path: string, body?: unknown): Promise<Body>;
};

export type AgentClient = Caller & {
  account: Account;
  me: Me;
  signIn(): Promise<void>;
  /** @param at  another server than the one that they signed in to */
  socket(at?: string): Promise<TestSocket>;
  inbox(view?: string): Promise<Inbox>;
  send(conversationId: string, body: string, options?: { id?: string; kind?: "text" | "note" }): Promise<AgentSent>;
  act(conversationId: string, verb: "assign" | "resolve" | "reopen" | "read", body?: unknown): Promise<unknown>;
};

export type VisitorClient = Caller & {
  session: WidgetSession;
  /** With the answer to its hello. @param at  another server than the one that began the session */
  socket(at?: string): Promise<TestSocket & { welcome: VisitorWelcome }>;
  send(body: string, options?: { id?: string; conversationId?: string | null }): Promise<VisitorSent>;
};

export class Refused extends Error {
  readonly status: number;
  readonly code: ErrorBody["code"];

  constructor({ status, body }: Answer) {
    const { error } = body as { error: ErrorBody };
    super(`${status} ${error.code}: ${error.message}`);
    this.status = status;
    this.code = error.code;
  }
}

/** As a browser keeps them: a cookie replaces the one of its name. */
function mergeCookies(held = "", given: string[]): string {
  const all = [...held.split("; "), ...given].filter(Boolean);
  return [...new Map(all.map(cookie => [cookie.split("=", 1)[0], cookie])).values()].join("; ");
}

function createCaller(url: string, headers: Record<string, string>): Caller {
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookies = response.headers.getSetCookie().map(cookie => cookie.split(";")[0]!);
    if (cookies.length) headers.cookie = mergeCookies(headers.cookie, cookies);
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers };
  }
  return {
    headers,
    call,
    async api<Body>(method: string, path: string, body?: unknown) {
      const answer = await call(method, path, body);
      if (answer.status >= 400) throw new Refused(answer);
      return answer.body as Body;
    },
  };
}

/** @param join  creates the account, or accepts the invitation */
export async function createAgent(
  url: string,
  name: string,
  join: (agent: Caller & { account: Account }) => Promise<Me>,
): Promise<AgentClient> {
  const caller = createCaller(url, { origin: url });
  const account = { name, email: `${randomBytes(6).toString("hex")}@team.example`, password: "correct horse battery" };
  const me = await join({ ...caller, account });
  const websiteId = me.websites[0]!.id;
  return {
    ...caller,
    account,
    me,
    signIn: () => caller.api("POST", "/sign-in", { email: account.email, password: account.password }),
    async socket(at = url) {
      const socket = await openSocket(at, { ...caller.headers, origin: at });
      await socket.command("hello", { as: "agent", protocol });
      return socket;
    },
    inbox: (view = "all") => caller.api("GET", `/websites/${websiteId}/inbox?view=${view}`),
    send: (conversationId, body, { id = newId(), kind = "text" } = {}) =>
      caller.api("POST", `/websites/${websiteId}/conversations/${conversationId}/messages`, { id, kind, body }),
    act: (conversationId, verb, body) =>
      caller.api("POST", `/websites/${websiteId}/conversations/${conversationId}/${verb}`, body),
  };
}

export async function createVisitor(
  url: string,
  begin: { websiteKey: string; identity?: string; notice?: string },
): Promise<VisitorClient> {
  const headers: Record<string, string> = { origin: "https://shop.example", referer: "https://shop.example/bikes" };
  const caller = createCaller(url, headers);
  const session = await caller.api<WidgetSession>("POST", "/widget/session", begin);
  headers.authorization = `Bearer ${session.token}`;
  return {
    ...caller,
    session,
    async socket(at = url) {
      const socket = await openSocket(at, headers);
      const page = { url: "https://shop.example/bikes", title: "Bikes" };
      const hello = { as: "visitor", protocol, token: session.token, page, language: "en" };
      return { ...socket, welcome: await socket.command<VisitorWelcome>("hello", hello) };
    },
    send: (body, { id = newId(), conversationId = null } = {}) =>
      caller.api("POST", "/widget/messages", { id, conversationId, body }),
  };
}
