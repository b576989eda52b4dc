import type { Role, ToldAvailability, User } from "#protocol/agents.ts";
import { AppError } from "#protocol/errors.ts";
import type { AgentEvent } from "#protocol/socket.ts";
import { requireRole } from "#server/declaration/access.ts";
import { type AgentConnection, callCommand, type Source } from "#server/declaration/command.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { type ConversationRow, findConversation, notFound } from "#server/features/conversations/feature.ts";
import { headersOf } from "#server/identity/headers.ts";
import { listMemberships, type Membership } from "#server/identity/memberships.ts";
import { isOwnOrigin, notOwnOrigin } from "#server/identity/origins.ts";
import type { AgentLookups } from "./agent-lookups.ts";
import {
  agentCommands,
  type ClientRequest,
  type HelloResult,
  type Outlet,
  parseCommand,
  type Session,
} from "./session.ts";

/**
 * Opens an agent's session: it gets the events of all their websites, until the sign-in session or the membership ends.
 * @throws AppError "not_signed_in", or "origin_not_allowed" from another website's page
 */
export async function openAgentSession(
  ctx: Ctx,
  lookups: AgentLookups,
  outlet: Outlet,
  { availability = "online" }: { availability?: ToldAvailability | undefined },
  request: ClientRequest,
): Promise<HelloResult> {
  if (!isOwnOrigin(ctx, request.headers)) {
    throw new AppError("origin_not_allowed", notOwnOrigin(ctx, request.headers));
  }
  const headers = headersOf(request);
  const findUser = async () => (await ctx.auth.findSession(headers))?.user ?? null;
  const user = await findUser();
  if (!user) throw notSignedIn();
  const session = new AgentSession(ctx, lookups, outlet, { user, findUser, availability, source: sourceOf(request) });
  await session.joinWebsites();
  return { session, answer: {} };
}

/** Events that a client can miss: the next one, or the next page that it loads, says the same. */
const passing: ReadonlySet<AgentEvent["event"]> = new Set(["visitor.presence", "conversation.typing"] as const);

type Subscription = Membership & { leave(): void; announce(): void };
type Agent = {
  user: User;
  /** null: the sign-in session has ended */
  findUser(): Promise<User | null>;
  availability: ToldAvailability;
  source: Source;
};

class AgentSession implements Session, AgentConnection {
  readonly role = "agent";
  private readonly ctx: Ctx;
  private readonly lookups: AgentLookups;
  private readonly outlet: Outlet;
  private readonly agent: Agent;
  private readonly stopWatchingUser: () => void;
  private websites = new Map<number, Subscription>();
  private isClosed = false;
  private stopWatchingVisitor = () => {};
  /** Typing is sent every few seconds: the conversation is looked up once. */
  private typingIn: Pick<ConversationRow, "id" | "websiteId" | "visitorId"> | null = null;

  constructor(ctx: Ctx, lookups: AgentLookups, outlet: Outlet, agent: Agent) {
    this.ctx = ctx;
    this.lookups = lookups;
    this.outlet = outlet;
    this.agent = agent;
    this.stopWatchingUser = ctx.bus.subscribe(`user:${agent.user.id}`, event => {
      // No more events until the agent's websites are read again.
      if (event === "sessions") this.leaveWebsites();
      this.renew().catch(error => outlet.end(error));
    });
  }

  async handle(frame: unknown): Promise<unknown> {
    const { command, params } = parseCommand(agentCommands, frame);
    const { user, source } = this.agent;
    const caller = { user, source, params, connection: this };
    if (command.access === "user") return callCommand(this.ctx, command, caller);
    const { websiteId } = params as { websiteId: number };
    const website = this.websites.get(websiteId);
    if (!website) throw new AppError("not_found", "There is no such website, or you do not belong to it.");
    requireRole(website.role, command.access as Role);
    const database = this.ctx.database({ websiteId });
    const member = { user: { ...user, name: website.name }, role: website.role };
    return callCommand(this.ctx, command, { ...caller, ...member, websiteId, database, db: database.db });
  }

  async sendHeartbeat(): Promise<void> {
    const { user } = this.agent;
    if (!(await this.agent.findUser())) return this.endSession();
    const memberships = await listMemberships(this.ctx.directory, user.id);
    const isUnchanged =
      memberships.length === this.websites.size &&
      memberships.every(({ websiteId, role, name }) => {
        const website = this.websites.get(websiteId);
        return website?.role === role && website.name === name;
      });
    if (!isUnchanged) await this.renew();
    const websites = await Promise.all(
      [...this.websites.keys()].map(async websiteId => ({
        websiteId,
        counts: await this.lookups.countUnread(websiteId, user.id),
        heads: await this.lookups.listHeads(websiteId),
      })),
    );
    this.outlet.send({ event: "heartbeat", data: { websites } } satisfies AgentEvent);
  }

  close(): void {
    this.isClosed = true;
    this.stopWatchingUser();
    this.leaveWebsites();
  }

  setAvailability(availability: ToldAvailability): void {
    this.agent.availability = availability;
    for (const website of this.websites.values()) website.announce();
  }

  watchVisitor(websiteId: number, visitorId: string | null): void {
    this.stopWatchingVisitor();
    this.stopWatchingVisitor =
      visitorId === null
        ? () => {}
        : this.ctx.bus.subscribe(`watched:${websiteId}:${visitorId}`, event => this.outlet.sendIfKeepingUp(event));
  }

  async getVisitorOf(websiteId: number, conversationId: string): Promise<string> {
    if (this.typingIn?.id !== conversationId || this.typingIn.websiteId !== websiteId) {
      this.typingIn = await findConversation(this.ctx.database({ websiteId }).db, { websiteId, conversationId });
    }
    if (!this.typingIn) throw notFound();
    return this.typingIn.visitorId;
  }

  /** Subscribes to the websites that the agent belongs to now. */
  async joinWebsites(): Promise<void> {
    const memberships = await listMemberships(this.ctx.directory, this.agent.user.id);
    this.leaveWebsites();
    if (this.isClosed) return;
    this.websites = new Map(
      memberships.map(({ websiteId, ...membership }) => [websiteId, this.join(websiteId, membership)]),
    );
    await this.ctx.bus.ready();
  }

  private join(websiteId: number, membership: Membership): Subscription {
    const { ctx, lookups, outlet, agent } = this;
    const { id } = agent.user;
    const unsubscribe = ctx.bus.subscribe(`website:${websiteId}`, event => {
      if (passing.has(event.event)) outlet.sendIfKeepingUp(event);
      else outlet.send(event);
      if ("conversation" in event.data) lookups.onChange(websiteId);
    });
    const stopCounts = lookups.watch(websiteId, id, event => outlet.send(event));
    let leavePresence = ctx.presence.joinAgent(websiteId, id, agent.availability);
    return {
      ...membership,
      leave() {
        unsubscribe();
        stopCounts();
        leavePresence();
      },
      announce() {
        // Joins with the new availability before it leaves with the old one: the agent never appears offline.
        const leaveBefore = leavePresence;
        leavePresence = ctx.presence.joinAgent(websiteId, id, agent.availability);
        leaveBefore();
      },
    };
  }

  private leaveWebsites() {
    this.stopWatchingVisitor();
    for (const website of this.websites.values()) website.leave();
    this.websites = new Map();
  }

  private async renew() {
    if (!(await this.agent.findUser())) return this.endSession();
    await this.joinWebsites();
    this.outlet.send({ event: "memberships.changed", data: {} } satisfies AgentEvent);
  }

  private endSession() {
    this.close();
    this.outlet.end(notSignedIn());
  }
}

const sourceOf = ({ headers, address }: ClientRequest): Source => ({
  ip: address,
  userAgent: headers["user-agent"]?.slice(0, 500) ?? null,
  language: null,
  pageUrl: null,
  pageTitle: null,
});

const notSignedIn = () => new AppError("not_signed_in", "Your session has ended. Sign in again.");
