import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "#database/migrations/migrate.ts";
import { type AgentClient, createAgent } from "#lab/actors/people.ts";
import { type ScratchCluster, startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { silent } from "#lab/programs/log.ts";
import { startRedis, type TestRedis } from "#lab/programs/redis.ts";
import { type OfficeProxy, refuseSockets } from "#lab/proxies/proxy.ts";
import { layWire, type Wire } from "#lab/proxies/wire.ts";
import { startOrStop } from "#platform/shutdown.ts";
import type { Me } from "#protocol/accounts.ts";
import { type Server, startServer } from "./restarting-server.ts";

/** A server of several processes with a PostgreSQL that is safe, a Redis, and ways to it that can be cut. */
export type World = {
  cluster: ScratchCluster;
  redis: TestRedis;
  server: Server;
  /** for looking at what is stored */
  sql: pg.Pool;
  /** two ways for sockets, and one that lets none through */
  streets: [Wire, Wire];
  office: OfficeProxy;
  owner: AgentClient;
  /** the last has no visitors */
  websites: Me["websites"];
  /** a new agent of one website */
  invite(websiteId: number): Promise<AgentClient>;
  watch: Watch;
  stop(): Promise<void>;
};

/** Ends what was started, should whoever started it end first. Each returns how to say that it is gone. */
export type Watch = { process(pid: number): () => void; folder(path: string): () => void };

const nobody: Watch = { process: () => () => {}, folder: () => () => {} };

const safe = { fsync: "on", full_page_writes: "on" };
export const shopOrigin = "https://shop.example";

type Options = {
  processes: number;
  /** paths of modules that the server's processes load first */
  preload?: string[];
  watch?: Watch;
};

export async function createWorld({ processes, preload = [], watch = nobody }: Options): Promise<World> {
  return startOrStop(async ({ add, stop }) => {
    const dataDir = mkdtempSync(join(tmpdir(), "prochat-storm-"));
    const isGone = watch.folder(dataDir);
    add(() => {
      rmSync(dataDir, { recursive: true, force: true });
      isGone();
    });
    const cluster = await startScratchCluster("18", safe);
    add(() => cluster.stop());
    const postgresStarted = follow(watch, cluster.pid);
    await migrate(cluster.url, { log: silent });
    const redis = await startRedis();
    add(() => redis.stop());
    const redisStarted = follow(watch, redis.pid);
    const imports = preload.map(path => `--import ${path}`).join(" ");
    const server = await startServer(
      {
        PROCESSES: String(processes),
        DEMO_PORT: "off",
        LOG_LEVEL: "error",
        DATA_DIR: dataDir,
        DATABASE_URL: cluster.url,
        REDIS_URL: redis.url,
        NODE_OPTIONS: imports,
      },
      watch.process,
    );
    add(() => server.stop());
    const sql = new pg.Pool({ connectionString: cluster.url, max: 4 });
    sql.on("error", () => undefined); // it is restarted under us
    sql.on("connect", client => client.on("error", () => undefined));
    add(() => sql.end());
    const streets: World["streets"] = [await layWire(server.url), await layWire(server.url)];
    const office = await refuseSockets(server.url);
    for (const way of [...streets, office]) add(() => way.close());
    return {
      cluster: { ...cluster, restart: () => cluster.restart().then(postgresStarted) },
      redis: { ...redis, start: () => redis.start().then(redisStarted) },
      server,
      sql,
      streets,
      office,
      watch,
      stop,
      ...(await settle(server)),
    };
  });
}

/** Watches what is ended and started again. @returns what is to be called after each start */
function follow(watch: Watch, pid: () => number): () => void {
  let isGone = watch.process(pid());
  return () => {
    isGone();
    isGone = watch.process(pid());
  };
}

/** An owner of three websites. */
async function settle({ url, setupCode: code }: Server): Promise<Pick<World, "owner" | "websites" | "invite">> {
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
