import type { z } from "zod";
import type { VisitorConversation } from "#protocol/conversations.ts";
import { AppError } from "#protocol/errors.ts";
import type { HelloFrame, VisitorEvent } from "#protocol/socket.ts";
import type { Page } from "#protocol/visitors.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import { callCommand, type Source, type VisitorConnection } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { shownAddress } from "#server/declaration/page-address.ts";
import {
  type ConversationRow,
  findConversation,
  forVisitor,
  notFound,
} from "#server/features/conversations/feature.ts";
import { findVisitorId, isReplaced } from "#server/features/visitors/feature.ts";
import type { VisitorSession as Visitor } from "#server/identity/visitor-token.ts";
import type { Counter } from "./counter.ts";
import {
  type ClientRequest,
  type HelloResult,
  type Outlet,
  parseCommand,
  type Session,
  visitorCommands,
} from "./session.ts";
import type { VisitorLookups } from "./visitor-lookups.ts";

type Hello = Extract<z.infer<typeof HelloFrame>["params"], { as: "visitor" }>;

/** Heartbeats without news come in two variants; each is serialised once. */
const idleHeartbeats = [false, true].map(agentsOnline => ({
  event: "heartbeat" as const,
  data: { agentsOnline, conversation: null },
}));

/**
 * Opens a visitor's session: it gets the events of their own conversations only. A visitor who has written nothing costs
 * no query.
 * @param p.sockets  counts those of each visitor
 * @throws AppError "session_expired", "origin_not_allowed", or "rate_limited" if the visitor has too many
 */
export async function openVisitorSession(
  ctx: Ctx,
  { lookups, sockets }: { lookups: VisitorLookups; sockets: Counter },
  outlet: Outlet,
  hello: Hello,
  { headers, network }: ClientRequest,
): Promise<HelloResult> {
  const visitor = await ctx.visitorTokens.verify(hello.token);
  const { keepsPageQuery } = await lookups.requireAccess(visitor, headers.origin);
  const leave = sockets.enter(`${visitor.websiteId}:${visitor.visitorId}`);
  const session = new VisitorSession(ctx, lookups, outlet, visitor, leave, {
    page: { url: shownAddress(storable(hello.page.url), keepsPageQuery), title: storable(hello.page.title) },
    keepsPageQuery,
    language: storable(hello.language),
    userAgent: headers["user-agent"]?.slice(0, 500) ?? null,
    origin: headers.origin,
    network,
  });
  // A logged-in visitor may have written on another device.
  const isNew = hello.hasWritten === false && !visitor.externalId;
  const conversation = isNew ? null : await session.findThread();
  const answer: VisitorWelcome = { agentsOnline: ctx.presence.hasAgents(visitor.websiteId), conversation };
  return { session, answer };
}

type Browser = Pick<Source, "language" | "userAgent"> & {
  page: Page;
  /** a setting of the website */
  keepsPageQuery: boolean;
  origin: string | undefined;
  network: string;
};

/** A class, because tens of thousands are connected at once: see connection.ts. */
class VisitorSession implements Session, VisitorConnection {
  readonly role = "visitor";
  private readonly ctx: Ctx;
  private readonly lookups: VisitorLookups;
  private readonly outlet: Outlet;
  private readonly browser: Browser;
  private visitor: Visitor;
  /** True if the visitor's id stays: it is that of their row, or the visitor is not logged in. */
  private isResolved: boolean;
  private currentId: string | null = null;
  private leaveTopics: () => void;
  private readonly leaveCount: () => void;

  constructor(
    ctx: Ctx,
    lookups: VisitorLookups,
    outlet: Outlet,
    visitor: Visitor,
    leaveCount: () => void,
    browser: Browser,
  ) {
    this.ctx = ctx;
    this.lookups = lookups;
    this.outlet = outlet;
    this.visitor = visitor;
    this.isResolved = visitor.externalId === null;
    this.browser = browser;
    this.leaveCount = leaveCount;
    this.leaveTopics = this.join();
  }

  /** The visitor's current conversation. Events that arrive meanwhile are delivered. */
  async findThread(): Promise<VisitorConversation | null> {
    try {
      const thread = await this.findCurrent();
      if (!thread) await this.requireNotReplaced();
      if (thread)
        this.recordVisit().catch(error => this.ctx.log.warn({ err: error }, "a visitor's page was not stored"));
      return thread && forVisitor(thread);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async handle(frame: unknown): Promise<unknown> {
    const { command, params } = parseCommand(visitorCommands, frame);
    // Commands about the connection itself do not need the visitor's row.
    if (!command.http) return this.call(command, params);
    await this.resolveVisitor();
    const answer = await this.call(command, params).catch(error => this.endIfExpired(error));
    if (hasConversation(answer)) {
      this.trackCurrent(answer.conversation);
      // A first message makes the row, or finds the one that another device made.
      await this.resolveVisitor();
    }
    return answer;
  }

  async sendHeartbeat(): Promise<void> {
    const agentsOnline = this.ctx.presence.hasAgents(this.visitor.websiteId);
    if (this.ctx.bus.mayHaveMissedEvents()) await this.recheckAccess(this.visitor.websiteId);
    const row = this.mayHaveMissedEvents() ? await this.lookAgain() : undefined;
    // Deleted, or carried over to a visitor who has logged in.
    if (row === null) this.currentId = null;
    if (!row) return this.outlet.send(idleHeartbeats[Number(agentsOnline)]!);
    this.trackCurrent(row);
    this.switchTo(row.visitorId);
    this.outlet.send({ event: "heartbeat", data: { agentsOnline, conversation: forVisitor(row) } });
  }

  close(): void {
    this.leaveTopics();
    this.leaveCount();
  }

  async recheckAccess(websiteId: number): Promise<void> {
    if (websiteId !== this.visitor.websiteId) return;
    try {
      const { keepsPageQuery } = await this.lookups.recheckAccess(this.visitor, this.browser.origin);
      this.browser.keepsPageQuery = keepsPageQuery;
    } catch (reason) {
      this.outlet.end(reason);
    }
  }

  async findRowAgain(websiteId: number, externalId: string): Promise<void> {
    if (websiteId !== this.visitor.websiteId || externalId !== this.visitor.externalId) return;
    this.isResolved = false;
    const row = await this.lookAgain();
    if (!row) return;
    this.trackCurrent(row);
    this.switchTo(row.visitorId);
    const agentsOnline = this.ctx.presence.hasAgents(websiteId);
    this.outlet.send({ event: "heartbeat", data: { agentsOnline, conversation: forVisitor(row) } });
  }

  async moveTo({ url, title }: Page): Promise<void> {
    const { websiteId, visitorId } = this.visitor;
    const page = { url: shownAddress(url, this.browser.keepsPageQuery), title };
    this.browser.page = page;
    this.ctx.presence.movePage(websiteId, visitorId, page);
    if (this.currentId) await this.recordVisit();
  }

  /** Needs no query for the visitor's current conversation. */
  async requireOwn(conversationId: string): Promise<void> {
    if (conversationId === this.currentId) return;
    const { websiteId, visitorId } = this.visitor;
    const row = await findConversation(this.ctx.database({ websiteId }).db, { websiteId, conversationId });
    if (row?.visitorId !== visitorId) throw notFound();
  }

  private call(command: Parameters<typeof callCommand>[1], params: object) {
    const { visitor } = this;
    const { websiteId } = visitor;
    const database = this.ctx.database({ websiteId });
    const source = this.source();
    const { network } = this.browser;
    const call = { visitor, websiteId, database, db: database.db, params, source, network, connection: this };
    return callCommand(this.ctx, command, call);
  }

  /** A deleted visitor who writes needs a new token: the client asks for one, and sends again what is not answered. */
  private endIfExpired(error: unknown): never {
    if (error instanceof AppError && error.code === "session_expired") this.outlet.end(error);
    throw error;
  }

  private async requireNotReplaced() {
    if (!(await isReplaced(this.ctx.database(this.visitor).db, this.visitor))) return;
    throw new AppError("session_expired", "This visitor was deleted. Ask for a new session.");
  }

  private async findCurrent(): Promise<ConversationRow | null> {
    await this.ctx.bus.ready();
    const row = await this.lookups.findThread(this.visitor);
    if (!row) return null;
    this.trackCurrent(row);
    this.visitor = { ...this.visitor, name: this.visitor.name ?? row.visitorName };
    if (!this.switchTo(row.visitorId)) return row;
    await this.ctx.bus.ready();
    return this.lookups.findThread(this.visitor);
  }

  private join(): () => void {
    const { websiteId, visitorId } = this.visitor;
    const leavePresence = this.ctx.presence.joinVisitor(websiteId, visitorId, this.browser.page);
    const unsubscribe = this.ctx.bus.subscribe(`visitor:${websiteId}:${visitorId}`, event => this.onEvent(event));
    return () => {
      unsubscribe();
      leavePresence();
    };
  }

  private onEvent(event: VisitorEvent) {
    if ("conversation" in event.data) this.trackCurrent(event.data.conversation);
    this.outlet.send(event);
  }

  private trackCurrent(conversation: { id: string; deletedAt?: unknown } | null) {
    if (conversation?.deletedAt && conversation.id === this.currentId) {
      this.currentId = null;
      return;
    }
    // Ids grow with time. An event of the previous conversation may arrive later.
    if (conversation && !conversation.deletedAt && (!this.currentId || conversation.id > this.currentId))
      this.currentId = conversation.id;
  }

  /** Switches to the id of a logged-in visitor's row. Asks until there is a row; from then on its id does not change. */
  private async resolveVisitor() {
    if (this.isResolved) return;
    const { websiteId, externalId } = this.visitor;
    const visitorId = await findVisitorId(this.ctx.database({ websiteId }).db, { websiteId, externalId: externalId! });
    if (visitorId) this.switchTo(visitorId);
  }

  /** @param visitorId  of the visitor's row. @returns true if the session had another id */
  private switchTo(visitorId: string): boolean {
    this.isResolved = true;
    if (visitorId === this.visitor.visitorId) return false;
    this.leaveTopics();
    this.visitor = { ...this.visitor, visitorId };
    this.leaveTopics = this.join();
    return true;
  }

  private recordVisit() {
    return this.lookups.recordVisit(this.visitor, this.source());
  }

  private source(): Source {
    const { page, userAgent, language } = this.browser;
    return { ip: null, pageUrl: page.url, pageTitle: page.title, userAgent, language };
  }

  /** If the database does not answer, the connection must stay open. */
  private lookAgain(): Promise<ConversationRow | null | undefined> {
    return this.lookups.findThread(this.visitor).catch(error => {
      this.ctx.log.warn({ err: error }, "a heartbeat was sent without the newest numbers");
      return undefined;
    });
  }

  /** True if this process may have missed an event for this visitor: ask the database. */
  private mayHaveMissedEvents(): boolean {
    return this.currentId ? this.ctx.bus.mayHaveMissedEvents() : this.visitor.externalId !== null;
  }
}

const hasConversation = (answer: unknown): answer is { conversation: VisitorConversation } =>
  typeof answer === "object" && answer !== null && "conversation" in answer;

/**
 * PostgreSQL stores neither NUL nor half of a character. Commands with them are refused; a page's odd title must not keep a
 * visitor from hello.
 */
const storable = (text: string) => text.replaceAll("\u0000", "").toWellFormed();
