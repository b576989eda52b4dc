import type { z } from "zod";
import type { VisitorConversation } from "#protocol/conversations.ts";
import { AppError } from "#protocol/errors.ts";
import type { VisitorSend } from "#protocol/messages.ts";
import { type HelloFrame, type VisitorEvent, VisitorFrame } from "#protocol/socket.ts";
import type { Page } from "#protocol/visitors.ts";
import type { VisitorWelcome } from "#protocol/widget.ts";
import type { Ctx } from "#server/context.ts";
import { markRead } from "#server/features/conversations/actions.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";
import { forVisitor } from "#server/features/conversations/row.ts";
import { sendAsVisitor } from "#server/features/messages/actions.ts";
import type { VisitorFacts } from "#server/features/visitors/queries.ts";
import { settleVisitor } from "#server/features/visitors/widget-session.ts";
import type { VisitorSession } from "#server/identity/visitor-token.ts";
import { type Greeted, type Headers, type Line, parseFrame, type Served } from "./session.ts";
import type { Visits } from "./visitor-lookups.ts";

type Hello = Extract<z.infer<typeof HelloFrame>["params"], { as: "visitor" }>;

/** The beats of those of whom there is nothing to tell are two frames, encoded once. */
const idleBeats = [false, true].map(agentsOnline => ({
  event: "heartbeat" as const,
  data: { agentsOnline, conversation: null },
}));

/**
 * Serves a visitor: events of their own conversations and nothing else. As long as they have written nothing, they cost
 * the database nothing.
 * @throws AppError "session_expired" or "origin_not_allowed"
 */
export async function serveVisitor(
  ctx: Ctx,
  visits: Visits,
  line: Line,
  hello: Hello,
  headers: Headers,
): Promise<Greeted> {
  const visitor = await ctx.visitorTokens.verify(hello.token);
  await visits.allow(visitor.websiteId, headers.origin);
  const visit = new Visit(ctx, visits, line, visitor, {
    page: hello.page,
    language: storable(hello.language),
    userAgent: headers["user-agent"]?.slice(0, 500) ?? null,
  });
  // Somebody logged in may have written on another device.
  const isNew = hello.hasWritten === false && !visitor.externalId;
  const conversation = isNew ? null : await visit.findThread();
  const answer: VisitorWelcome = { agentsOnline: ctx.presence.hasAgents(visitor.websiteId), conversation };
  return { served: visit, answer };
}

type Place = Pick<VisitorFacts, "language" | "userAgent"> & { page: Page };

/** One of tens of thousands, hence a class: see connection.ts. */
class Visit implements Served {
  private readonly ctx: Ctx;
  private readonly visits: Visits;
  private readonly line: Line;
  private visitor: VisitorSession;
  private readonly place: Place;
  private name: string | null;
  private currentId: string | null = null;
  private leaveTopics: () => void;

  constructor(ctx: Ctx, visits: Visits, line: Line, visitor: VisitorSession, place: Place) {
    this.ctx = ctx;
    this.visits = visits;
    this.line = line;
    this.visitor = visitor;
    this.place = place;
    this.name = visitor.name;
    this.leaveTopics = this.enter();
  }

  get role() {
    return "visitor" as const;
  }

  /** What is said meanwhile is heard already. */
  async findThread(): Promise<VisitorConversation | null> {
    try {
      const thread = await this.findTheirs();
      if (thread) this.touch().catch(error => this.ctx.log.warn({ err: error }, "a visit was not noted"));
      return thread && forVisitor(thread);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  async onFrame(frame: unknown): Promise<unknown> {
    const { ctx, visitor } = this;
    const { websiteId } = visitor;
    const { command, params } = parseFrame(VisitorFrame, frame);
    switch (command) {
      case "message.send":
        return this.say(params);
      case "conversation.read": {
        const row = await markRead(ctx, { ...params, websiteId, side: "visitor", visitorId: visitor.visitorId });
        return { conversation: forVisitor(row) };
      }
      case "conversation.typing": {
        const { conversationId, typing } = params;
        await this.mustBeTheirs(conversationId);
        ctx.bus.publish(`website:${websiteId}`, {
          event: "conversation.typing",
          data: { websiteId, conversationId, author: "visitor", authorId: null, name: this.name, typing },
        });
        return null;
      }
      case "page.view":
        this.place.page = params;
        ctx.presence.movePage(websiteId, visitor.visitorId, params);
        if (this.currentId) await this.touch();
        return null;
    }
  }

  async beat(): Promise<void> {
    const agentsOnline = this.ctx.presence.hasAgents(this.visitor.websiteId);
    const row = this.mustLook() ? await this.lookAgain() : null;
    if (!row) return this.line.send(idleBeats[Number(agentsOnline)]!);
    this.note(row);
    this.become(row.visitorId);
    this.line.send({ event: "heartbeat", data: { agentsOnline, conversation: forVisitor(row) } });
  }

  leave(): void {
    this.leaveTopics();
  }

  private async findTheirs(): Promise<ConversationRow | null> {
    await this.ctx.bus.settled();
    const row = await this.visits.findThread(this.visitor);
    if (!row) return null;
    this.note(row);
    this.name ??= row.visitorName;
    if (!this.become(row.visitorId)) return row;
    await this.ctx.bus.settled();
    return this.visits.findThread(this.visitor);
  }

  private enter(): () => void {
    const { websiteId, visitorId } = this.visitor;
    const leavePresence = this.ctx.presence.enterVisitor(websiteId, visitorId, this.place.page);
    const unsubscribe = this.ctx.bus.subscribe(`visitor:${websiteId}:${visitorId}`, event => this.hear(event));
    return () => {
      unsubscribe();
      leavePresence();
    };
  }

  private hear(event: VisitorEvent) {
    if ("conversation" in event.data) this.note(event.data.conversation);
    this.line.send(event);
  }

  private note(conversation: Pick<VisitorConversation, "id"> | null) {
    // Ids grow with time; the one before, which this one continues, may be told of later.
    if (conversation && (!this.currentId || conversation.id > this.currentId)) this.currentId = conversation.id;
  }

  /** A logged-in visitor may have become somebody known on another device; whether they have. */
  private become(visitorId: string): boolean {
    if (visitorId === this.visitor.visitorId) return false;
    this.leaveTopics();
    this.visitor = { ...this.visitor, visitorId };
    this.leaveTopics = this.enter();
    return true;
  }

  private async say(message: z.infer<typeof VisitorSend>) {
    await this.settle();
    await this.ctx.limits.take("visitorSend", this.visitor.visitorId);
    const sent = await sendAsVisitor(this.ctx, this.visitor, { ...message, facts: this.facts() });
    this.note(sent.conversation);
    await this.settle();
    return sent;
  }

  private async settle() {
    this.become((await settleVisitor(this.ctx, this.visitor)).visitorId);
  }

  private touch() {
    return this.visits.touch(this.visitor, this.facts());
  }

  private facts(): VisitorFacts {
    const { page, userAgent, language } = this.place;
    return { pageUrl: storable(page.url), pageTitle: storable(page.title), userAgent, language };
  }

  /** Of the current one it is known without asking. */
  private async mustBeTheirs(conversationId: string) {
    if (conversationId === this.currentId) return;
    const { websiteId, visitorId } = this.visitor;
    const row = await findConversation(this.ctx.db, { websiteId, conversationId });
    if (row?.visitorId !== visitorId) throw new AppError("not_found", "There is no such conversation here.");
  }

  /** The connection is well where the database is not. */
  private lookAgain(): Promise<ConversationRow | null> {
    return this.visits.findThread(this.visitor).catch(error => {
      this.ctx.log.warn({ err: error }, "a heartbeat tells nothing new");
      return null;
    });
  }

  /** Whether something may have been told that this server has not heard; who has never written hears of themselves. */
  private mustLook(): boolean {
    return this.currentId ? this.ctx.bus.mayMiss() : this.visitor.externalId !== null;
  }
}

/** PostgreSQL keeps no NUL, and nobody's message is to fail for the title of their page. */
const storable = (text: string) => text.replaceAll("\u0000", "");
