import type { z } from "zod";
import type { VisitorConversation } from "#protocol/entities.ts";
import { AppError } from "#protocol/errors.ts";
import { type HelloFrame, type Page, type VisitorEvent, VisitorFrame } from "#protocol/frames.ts";
import type { VisitorWelcome } from "#protocol/requests.ts";
import type { Ctx } from "#server/core/context.ts";
import { markRead } from "#server/features/conversations/actions.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import { forVisitor } from "#server/features/conversations/row.ts";
import { sendAsVisitor } from "#server/features/messages/actions.ts";
import type { VisitorFacts } from "#server/features/visitors/queries.ts";
import { settleVisitor } from "#server/features/widget/session.ts";
import { type Headers, type Line, parseFrame, type Served } from "./line.ts";
import type { Visits } from "./visits.ts";

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
): Promise<Served> {
  let visitor = await ctx.visitorTokens.verify(hello.token);
  const { websiteId } = visitor;
  await visits.allow(websiteId, headers.origin);
  const userAgent = headers["user-agent"]?.slice(0, 500) ?? null;
  const { language } = hello;
  // Somebody logged in may have written on another device.
  const isNew = hello.hasWritten === false && !visitor.externalId;
  let page: Page = hello.page;

  let { name } = visitor;
  let currentId: string | null = null;
  let leave = enter();
  const thread = await findThread().catch(error => {
    leave();
    throw error;
  });

  /** What is said meanwhile is heard already. */
  async function findThread() {
    if (isNew) return null;
    await ctx.bus.settled();
    const row = await visits.findThread(visitor);
    if (!row) return null;
    note(row);
    name ??= row.visitorName;
    if (!become(row.visitorId)) return row;
    await ctx.bus.settled();
    return visits.findThread(visitor);
  }

  function enter() {
    const leavePresence = ctx.presence.enterVisitor(websiteId, visitor.visitorId, page);
    const unsubscribe = ctx.bus.subscribe(`visitor:${websiteId}:${visitor.visitorId}`, hear);
    return () => {
      unsubscribe();
      leavePresence();
    };
  }

  function hear(event: VisitorEvent) {
    if ("conversation" in event.data) note(event.data.conversation);
    line.send(event);
  }

  function note(conversation: Pick<VisitorConversation, "id"> | null) {
    // Ids grow with time; the one before, which this one continues, may be told of later.
    if (conversation && (!currentId || conversation.id > currentId)) currentId = conversation.id;
  }

  /** A logged-in visitor may have become somebody known on another device; whether they have. */
  function become(visitorId: string): boolean {
    if (visitorId === visitor.visitorId) return false;
    leave();
    visitor = { ...visitor, visitorId };
    leave = enter();
    return true;
  }

  const settle = async () => void become((await settleVisitor(ctx, visitor)).visitorId);
  const touch = () => visits.touch(visitor, facts());

  function facts(): VisitorFacts {
    return { pageUrl: storable(page.url), pageTitle: storable(page.title), userAgent, language: storable(language) };
  }

  async function onFrame(frame: unknown): Promise<unknown> {
    const { command, params } = parseFrame(VisitorFrame, frame);
    switch (command) {
      case "message.send": {
        await settle();
        await ctx.limits.take("visitorSend", visitor.visitorId);
        const sent = await sendAsVisitor(ctx, visitor, { ...params, facts: facts() });
        note(sent.conversation);
        await settle();
        return sent;
      }
      case "conversation.read": {
        const row = await markRead(ctx, { ...params, websiteId, side: "visitor", visitorId: visitor.visitorId });
        return { conversation: forVisitor(row) };
      }
      case "conversation.typing": {
        const { conversationId, typing } = params;
        await mustBeTheirs(conversationId);
        ctx.bus.publish(`website:${websiteId}`, {
          event: "conversation.typing",
          data: { websiteId, conversationId, author: "visitor", authorId: null, name, typing },
        });
        return null;
      }
      case "page.view":
        page = params;
        ctx.presence.movePage(websiteId, visitor.visitorId, page);
        if (currentId) await touch();
        return null;
    }
  }

  /** Of the current one it is known without asking. */
  async function mustBeTheirs(conversationId: string) {
    if (conversationId === currentId) return;
    const row = await findConversation(ctx.db, { websiteId, conversationId });
    if (row?.visitorId !== visitor.visitorId) throw new AppError("not_found", "There is no such conversation here.");
  }

  /** Whether something may have been told that this server has not heard; who has never written hears of themselves. */
  function mustLook() {
    const mayMiss = ctx.bus.mayMiss();
    return currentId ? mayMiss : visitor.externalId !== null;
  }

  async function beat() {
    const agentsOnline = ctx.presence.hasAgents(websiteId);
    const row = mustLook() ? await visits.findThread(visitor).catch(sayWhy) : null;
    if (!row) return line.send(idleBeats[Number(agentsOnline)]!);
    note(row);
    become(row.visitorId);
    line.send({ event: "heartbeat", data: { agentsOnline, conversation: forVisitor(row) } });
  }

  /** The connection is well where the database is not. */
  function sayWhy(error: unknown) {
    ctx.log.warn({ err: error }, "a heartbeat tells nothing new");
    return null;
  }

  if (thread) touch().catch(error => ctx.log.warn({ err: error }, "a visit was not noted"));
  const answer: VisitorWelcome = {
    agentsOnline: ctx.presence.hasAgents(websiteId),
    conversation: thread && forVisitor(thread),
  };
  return { answer, onFrame, beat, leave: () => leave() };
}

/** PostgreSQL keeps no NUL, and nobody's message is to fail for the title of their page. */
const storable = (text: string) => text.replaceAll("\u0000", "");
