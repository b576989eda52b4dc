import { createRecent } from "#platform/cache.ts";
import type { ToldAvailability, User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { AgentFrame } from "#protocol/socket.ts";
import type { Ctx } from "#server/context.ts";
import { markRead } from "#server/features/conversations/actions.ts";
import { shownToAgents } from "#server/features/conversations/events.ts";
import { findConversation } from "#server/features/conversations/queries.ts";
import type { ConversationRow } from "#server/features/conversations/row.ts";
import { countUnread, listHeads } from "#server/features/inbox/queries.ts";
import { sendAsAgent } from "#server/features/messages/actions.ts";
import { listWebsites } from "#server/features/websites/queries.ts";
import { headersOf } from "#server/http/headers.ts";
import { isOwnOrigin } from "#server/http/origins.ts";
import { type Greeted, type Headers, type Line, parseFrame } from "./session.ts";

/** What a heartbeat looks back on: two beats and the time that a commit may take. */
const lookBackMs = limits.heartbeatMs * 2 + 10_000;
const mostHeads = 200;
/** The agents whose beats fall together are told the same. */
const headsMs = 1_000;

export type FindHeads = ReturnType<typeof createHeads>;

/** The conversations of a website that moved on lately; asked once for all its agents. */
export function createHeads({ db }: Pick<Ctx, "db">) {
  const heads = createRecent(headsMs, (websiteId: number) =>
    listHeads(db, websiteId, { sinceMs: lookBackMs, limit: mostHeads }),
  );
  return heads.get;
}

type Typing = Extract<AgentFrame, { command: "conversation.typing" }>["params"];

/**
 * Serves an agent: events of every website they belong to, until their session or membership ends.
 * @throws AppError "not_signed_in", or "origin_not_allowed" from another website's page
 */
export async function serveAgent(
  ctx: Ctx,
  findHeads: FindHeads,
  line: Line,
  { availability = "online" }: { availability?: ToldAvailability | undefined },
  headers: Headers,
): Promise<Greeted> {
  if (!isOwnOrigin(ctx.config, { headers })) {
    throw new AppError("origin_not_allowed", "Agents connect from the dashboard's own pages only.");
  }
  const user = await findUser();
  if (!user) throw notSignedIn();
  let websites = new Map<number, { leave(): void; turn(): void }>();
  let left = false;
  let typingAt: Pick<ConversationRow, "id" | "websiteId" | "visitorId"> | null = null;
  await listen();
  const stopWatching = ctx.bus.subscribe(`user:${user.id}`, what => {
    // Nothing more is heard until it is known again what may be.
    if (what === "sessions") leaveWebsites();
    renew().catch(error => line.end(error));
  });

  async function findUser(): Promise<User | null> {
    return (await ctx.auth.findSession(headersOf({ headers })))?.user ?? null;
  }

  async function listen() {
    const mine = await listWebsites(ctx.db, user!.id);
    leaveWebsites();
    if (left) return;
    websites = new Map(mine.map(({ id }) => [id, enter(id)]));
    await ctx.bus.settled();
  }

  function enter(websiteId: number) {
    const unsubscribe = ctx.bus.subscribe(`website:${websiteId}`, event => line.send(event));
    const enterPresence = () => ctx.presence.enterAgent(websiteId, user!.id, availability);
    let leavePresence = enterPresence();
    return {
      leave() {
        unsubscribe();
        leavePresence();
      },
      turn() {
        const leaveBefore = leavePresence;
        leavePresence = enterPresence();
        leaveBefore();
      },
    };
  }

  function leaveWebsites() {
    for (const website of websites.values()) website.leave();
    websites = new Map();
  }

  async function renew() {
    if (!(await findUser())) {
      leave();
      return line.end(notSignedIn());
    }
    await listen();
    line.send({ event: "memberships.changed", data: {} });
  }

  function leave() {
    left = true;
    stopWatching();
    leaveWebsites();
  }

  async function onFrame(frame: unknown): Promise<unknown> {
    const { command, params } = parseFrame(AgentFrame, frame);
    if (command === "agent.availability") return turn(params.availability);
    if (!websites.has(params.websiteId)) throw new AppError("not_found", "There is no such website, or you left it.");
    switch (command) {
      case "message.send":
        await ctx.limits.take("agentSend", user!.id);
        return sendAsAgent(ctx, user!, params);
      case "conversation.read":
        return { conversation: shownToAgents(ctx, await markRead(ctx, { ...params, side: "agent" })) };
      case "conversation.typing":
        return tellTyping(params);
    }
  }

  function turn(next: ToldAvailability): null {
    availability = next;
    for (const website of websites.values()) website.turn();
    return null;
  }

  /** Told again and again while somebody types: who hears it is asked once. */
  async function tellTyping({ websiteId, conversationId, typing }: Typing): Promise<null> {
    if (typingAt?.id !== conversationId || typingAt.websiteId !== websiteId) {
      typingAt = await findConversation(ctx.db, { websiteId, conversationId });
    }
    if (!typingAt) throw new AppError("not_found", "There is no such conversation here.");
    const data = { conversationId, author: "agent" as const, name: user!.name, typing };
    ctx.bus.publish(`visitor:${websiteId}:${typingAt.visitorId}`, { event: "conversation.typing", data });
    ctx.bus.publish(`website:${websiteId}`, {
      event: "conversation.typing",
      data: { ...data, websiteId, authorId: user!.id },
    });
    return null;
  }

  async function beat() {
    if (!(await findUser())) {
      leave();
      return line.end(notSignedIn());
    }
    const mine = await listWebsites(ctx.db, user!.id);
    if (mine.length !== websites.size || mine.some(({ id }) => !websites.has(id))) await renew();
    const told = await Promise.all(
      [...websites.keys()].map(async websiteId => ({
        websiteId,
        counts: await countUnread(ctx.db, { websiteId, userId: user!.id }),
        heads: await findHeads(websiteId),
      })),
    );
    line.send({ event: "heartbeat", data: { websites: told } });
  }

  return { served: { role: "agent", onFrame, beat, leave }, answer: {} };
}

const notSignedIn = () => new AppError("not_signed_in", "Your session has ended. Sign in again.");
