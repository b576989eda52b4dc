import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { type AgentClient, createAgent } from "#lab/actors/people.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { limitsOfCrowds } from "#lab/load/addresses.ts";
import { type Guard, noGuard } from "#lab/programs/guard.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { type BlockingProxy, startBlockingProxy } from "#lab/proxies/blocking-proxy.ts";
import { startTcpProxy, type TcpProxy } from "#lab/proxies/tcp-proxy.ts";
import { openPool } from "#lab/sql/pool.ts";
import { startOrStop } from "#platform/shutdown.ts";
import type { Me } from "#protocol/accounts.ts";
import { type Server, startServer } from "./restarting-server.ts";

/** A server of several processes with a durable PostgreSQL, Redis, and proxies. */
export type Environment = {
  cluster: ScratchCluster;
  redis: TestRedis;
  server: Server;
  /** for reading what is stored */
  sql: pg.Pool;
  proxies: [TcpProxy, TcpProxy];
  blockingProxy: BlockingProxy;
  owner: AgentClient;
  /** three; the last has no visitors */
  websites: Me["websites"];
  /** a new agent of one website */
  invite(websiteId: number): Promise<AgentClient>;
  guard: Guard;
  stop(): Promise<void>;
};

const durable = { fsync: "on", full_page_writes: "on" };
export const shopOrigin = "https://shop.example";

type Options = {
  processes: number;
  /** paths of modules that the server's processes load first */
  preload?: string[];
  guard?: Guard;
};

export async function createEnvironment({ processes, preload = [], guard = noGuard }: Options): Promise<Environment> {
  return startOrStop(async ({ add, stop }) => {
    const dataDir = mkdtempSync(join(tmpdir(), "prochat-faults-"));
    add(guard.folder(dataDir));
    add(() => rmSync(dataDir, { recursive: true, force: true }));
    const cluster = await startScratchCluster("18", durable);
    add(() => cluster.stop());
    const guardCluster = guardRestarts(guard, cluster.pid);
    await migrate(cluster.url, { log: silent });
    const redis = await startRedis();
    add(() => redis.stop());
    const guardRedis = guardRestarts(guard, redis.pid);
    const server = await startServer(
      {
        PROCESSES: String(processes),
        DEMO_PORT: "off",
        LOG_LEVEL: "error",
        DATA_DIR: dataDir,
        LIMITS: limitsOfCrowds,
        DATABASE_URL: cluster.url,
        REDIS_URL: redis.url,
        NODE_OPTIONS: preload.map(path => `--import ${path}`).join(" "),
      },
      guard,
    );
    add(() => server.stop());
    const sql = openPool({ connectionString: cluster.url, max: 4 });
    add(() => sql.end());
    const proxies: Environment["proxies"] = [await startTcpProxy(server.url), await startTcpProxy(server.url)];
    const blockingProxy = await startBlockingProxy(server.url);
    for (const proxy of [...proxies, blockingProxy]) add(() => proxy.close());
    return {
      cluster: { ...cluster, restart: () => cluster.restart().then(guardCluster) },
      redis: { ...redis, start: () => redis.start().then(guardRedis) },
      ...{ server, sql, proxies, blockingProxy, guard, stop },
      ...(await createWebsites(server)),
    };
  });
}

/** Guards a process that restarts. @returns to be called after each restart */
function guardRestarts(guard: Guard, pid: () => number): () => void {
  let release = guard.process(pid());
  return () => {
    release();
    release = guard.process(pid());
  };
}

/** An owner of three websites. */
async function createWebsites({
  url,
  setupCode: code,
}: Server): Promise<Pick<Environment, "owner" | "websites" | "invite">> {
  const allowedOrigins = [shopOrigin];
  const owner = await createAgent(url, "Olga Owner", agent =>
    agent.api<Me>("POST", "/setup", { code, owner: agent.account, website: { name: "Shop", allowedOrigins } }),
  );
  for (const name of ["Library", "Elsewhere"]) await owner.api("POST", "/websites", { name, allowedOrigins });
  const { websites } = await owner.api<Me>("GET", "/me");
  return {
    owner,
    websites: websites.toSorted((a, b) => a.id - b.id),
    async invite(websiteId) {
      const invitations = `/websites/${websiteId}/invitations`;
      const { token } = await owner.api<{ token: string }>("POST", invitations, { role: "agent" });
      return createAgent(url, `Agent ${token.slice(-4)}`, agent =>
        agent.api<Me>("POST", `/invitations/${token}`, { account: agent.account }),
      );
    },
  };
}
