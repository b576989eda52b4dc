import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { cloneDatabase, type TestDatabase } from "#lab/clusters/databases.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";
import { openPool } from "#lab/sql/pool.ts";
import { type Config, readConfig } from "#platform/config.ts";
import type { Me } from "#protocol/accounts.ts";
import { startServer } from "#server/main.ts";
import { type AgentClient, createAgent, createVisitor, type VisitorClient } from "./people.ts";

export const shopOrigin = "https://shop.example";

export type App = {
  url: string;
  /** for reading stored rows, and for faults */
  sql: pg.Pool;
  databaseUrl: string;
  dataDir: string;
  /** null: the server is in this process */
  program: Program | null;
  owner: AgentClient;
  website: Me["websites"][number];
  /** a new agent of the website, by invitation */
  agent(role?: "agent" | "admin", websiteId?: number): Promise<AgentClient>;
  /** a new visitor of the website */
  visitor(options?: { identity?: string; websiteKey?: string; notice?: string }): Promise<VisitorClient>;
  /** another website, whose owner is a member of no other */
  otherWebsite(): Promise<{ owner: AgentClient; website: Me["websites"][number] }>;
  /** an agent, a visitor with a conversation of one message, and a stranger who owns another website */
  scene(): Promise<{ agent: AgentClient; visitor: VisitorClient; conversationId: string; stranger: AgentClient }>;
  /**
   * Starts another server on the same database with the same secrets; it stops with the first. @returns its URL
   * @param at.redisUrl  its own proxy to Redis, which a test can block
   * @param at.port  default: a free one
   */
  secondServer(at?: { redisUrl?: string; port?: number }): Promise<string>;
  stop(): Promise<void>;
};

type Options = {
  redisUrl?: string;
  /** if given, the server is a program of its own, which can be killed */
  processes?: number;
  /** further settings */
  env?: Record<string, string>;
  /** for reading what is stored, if DATABASE_URL of `env` leads there in another way; the caller's */
  database?: TestDatabase;
  /** awaited before the first request: until the proxy at PUBLIC_URL passes it on */
  reachable?(): Promise<unknown>;
};

/** Starts the real server on a database of its own, with an owner and a website. */
export async function startApp({ redisUrl, processes, env: furtherEnv, ...given }: Options = {}): Promise<App> {
  const database = given.database ?? (await cloneDatabase());
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-app-"));
  const env = {
    PORT: "0",
    DEMO_PORT: "off",
    LOG_LEVEL: "error",
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(processes && { PROCESSES: String(processes) }),
    ...furtherEnv,
  };
  const server = processes ? await startServerProgram(env) : { ...(await startServer(readConfig(env))), program: null };
  const others: { stop(): Promise<void> }[] = [];
  const sql = openPool({ connectionString: database.url, max: 4 });
  const { url, program } = server;
  await given.reachable?.();
  const owner = await createOwner(url, server.setupCode);
  const people = createPeople(url, owner, sql);
  return {
    ...{ url, sql, databaseUrl: database.url, dataDir, program },
    ...people,
    async secondServer(at = {}) {
      const other = await startSecondServer({ ...readConfig(env), ...at });
      others.push(other);
      return other.url;
    },
    async stop() {
      for (const other of others) await other.stop();
      await sql.end();
      await server.stop();
      if (!given.database) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const createOwner = (url: string, setupCode: string | null): Promise<AgentClient> =>
  createAgent(url, "Olga Owner", agent =>
    agent.api<Me>("POST", "/setup", {
      code: setupCode,
      owner: agent.account,
      website: { name: "Shop", allowedOrigins: [shopOrigin] },
    }),
  );

type People = Pick<App, "owner" | "website" | "agent" | "visitor" | "otherWebsite" | "scene">;

function createPeople(url: string, owner: AgentClient, sql: pg.Pool): People {
  const website = owner.me.websites[0]!;
  const people: People = {
    owner,
    website,
    async agent(role = "agent", websiteId = website.id) {
      const { token } = await owner.api<{ token: string }>("POST", `/websites/${websiteId}/invitations`, { role });
      return createAgent(url, `Agent ${token.slice(-4)}`, agent =>
        agent.api<Me>("POST", `/invitations/${token}`, { account: agent.account }),
      );
    },
    visitor: (options = {}) => createVisitor(url, { websiteKey: website.publicKey, ...options }),
    async otherWebsite() {
      const newWebsite = { name: "Other", allowedOrigins: [shopOrigin] };
      const other = await owner.api<Me["websites"][number]>("POST", "/websites", newWebsite);
      const newcomer = await people.agent("admin", other.id);
      await owner.api("PATCH", `/websites/${other.id}/agents/${newcomer.me.user.id}`, { role: "owner" });
      // In SQL: the API would also end all of the owner's sessions.
      const ours = [other.id, owner.me.user.id];
      await sql.query("delete from memberships where website_id = $1 and user_id = $2", ours);
      return { owner: newcomer, website: (await newcomer.api<Me>("GET", "/me")).websites[0]! };
    },
    async scene() {
      const visitor = await people.visitor();
      const { conversation } = await visitor.send("Hello, is anybody there?");
      const [agent, stranger] = await Promise.all([people.agent(), people.otherWebsite()]);
      return { agent, visitor, conversationId: conversation.id, stranger: stranger.owner };
    },
  };
  return people;
}

/** @param config  of the first server, whose secrets it shares */
async function startSecondServer(config: Config): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), "prochat-app-"));
  cpSync(join(config.dataDir, "secrets.json"), join(dataDir, "secrets.json"));
  const server = await startServer({ ...config, dataDir });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** Starts `prochat start`; the first line that it prints has the URL and the set-up code. */
async function startServerProgram(env: Record<string, string>) {
  const program = startProgram("src/cli/main.ts", ["start"], { env });
  const address = new URL(/http:\S+$/.exec(await program.firstLine)![0]);
  return {
    url: address.origin,
    setupCode: address.searchParams.get("code"),
    program,
    async stop() {
      program.process.kill("SIGTERM");
      await program.ended;
    },
  };
}
