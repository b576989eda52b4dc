import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { uuidv7 } from "uuidv7";
import { familyOf } from "#lab/programs/processes.ts";
import { type Program, startProgram } from "#lab/programs/programs.ts";
import { findFreePort } from "#server/http/listener.ts";
import { cookieNameOf } from "#server/identity/auth.ts";
import { limitsOfCrowds } from "./addresses.ts";
import { type OurAccess, origin } from "./our-driver.ts";
import type { Setup } from "./setup.ts";
import type { RunningSystem, Stored, SystemUnderTest } from "./system-under-test.ts";

export type OurServer = RunningSystem & {
  access: OurAccess;
  /** Ends all of its processes, gracefully or at once, and starts them again at the same address. */
  restart(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
};

export type OurSystem = Omit<SystemUnderTest, "start"> & {
  start(...at: Parameters<SystemUnderTest["start"]>): Promise<OurServer>;
};

/**
 * The product, started as an operator starts it, with its default settings but for the limits of an address.
 * @param p.env  further settings
 */
export function ourServer(
  setup: Setup,
  p: { processes: number; title: string; env?: Record<string, string> },
): OurSystem {
  return {
    title: p.title,
    async start({ databaseUrl, websites }) {
      const port = await findFreePort({ host: "127.0.0.1" });
      const dataDir = join(setup.folder, `data-${port}`);
      const env = {
        PORT: String(port),
        DEMO_PORT: "off",
        DATA_DIR: dataDir,
        LIMITS: limitsOfCrowds,
        DATABASE_URL: databaseUrl,
        ...(p.processes > 1 && { REDIS_URL: await setup.redisUrl() }),
        ...p.env,
      };
      let program = await start();

      async function start() {
        const program = startProgram("src/cli/main.ts", ["start", "--processes", String(p.processes)], { env });
        void program.ended.then(setup.guard.process(program.process.pid!));
        await program.firstLine;
        return program;
      }

      const { secret } = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8")) as { secret: string };
      const access = {
        url: `http://127.0.0.1:${port}`,
        secret,
        websites: await insertWebsites(databaseUrl, secret, websites),
      };
      return {
        driverModule: new URL("./our-driver.ts", import.meta.url).href,
        access,
        pids: () => familyOf(program.process.pid!),
        listStored,
        async restart(signal) {
          await end(program, signal);
          program = await start();
        },
        stop: () => end(program, "SIGTERM"),
      };
    },
  };
}

/** SIGKILL goes to all processes: if only the first were killed, its workers would end a moment later. */
async function end(program: Program, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (signal === "SIGKILL") for (const pid of familyOf(program.process.pid!)) process.kill(pid, signal);
  else program.process.kill(signal);
  printWarnings((await program.ended).stderr);
}

/** Prints the server's log, each distinct message once with its count. */
function printWarnings(log: string): void {
  const counts = new Map<string, number>();
  for (const line of log.split("\n").filter(Boolean)) {
    const message = /"msg":"([^"]*)"/.exec(line)?.[1] ?? line;
    counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  for (const [message, count] of [...counts].slice(0, 10)) console.error(`  the server, ${count} times: ${message}`);
}

/** The e-mail address of the nth website's agent. */
export const agentEmail = (nth: number) => `agent${nth}@team.example`;

/** Inserts websites, each with a signed-in agent. Over HTTP each would hash a password, and the rate limit would refuse. */
async function insertWebsites(databaseUrl: string, secret: string, count: number): Promise<OurAccess["websites"]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const agents = Array.from({ length: count }, (_, nth) => ({
      name: `Agent ${nth}`,
      email: agentEmail(nth),
      userId: uuidv7(),
      sessionId: uuidv7(),
      token: randomBytes(24).toString("base64url"),
    }));
    const column = (name: keyof (typeof agents)[number]) => agents.map(agent => agent[name]);
    const { rows } = await client.query<{ id: number }>(
      `insert into websites (name, public_key, identity_secret, allowed_origins)
       select 'Shop ' || i, 'bench-' || i, 'secret', array[$2] from generate_series(1, $1) as i
       returning id`,
      [count, origin],
    );
    await client.query("insert into users (id, name, email) select * from unnest($1::uuid[], $2::text[], $3::text[])", [
      column("userId"),
      column("name"),
      column("email"),
    ]);
    await client.query(
      `insert into memberships (website_id, user_id, role, name)
       select website, agent, 'owner', name from unnest($1::integer[], $2::uuid[], $3::text[]) as m (website, agent, name)`,
      [rows.map(({ id }) => id), column("userId"), column("name")],
    );
    await client.query(
      `insert into sessions (id, user_id, token, expires_at)
       select id, agent, token, now() + interval '30 days' from unnest($1::uuid[], $2::uuid[], $3::text[]) as s (id, agent, token)`,
      [column("sessionId"), column("userId"), column("token")],
    );
    return agents.map(({ token, userId }, nth) => ({
      id: rows[nth]!.id,
      userId,
      agentCookie: cookieOf(token, secret),
    }));
  } finally {
    await client.end();
  }
}

/** Signs the session cookie as better-auth does. */
function cookieOf(token: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return `${cookieNameOf(secret, "http:")}=${encodeURIComponent(`${token}.${signature}`)}`;
}

async function listStored(client: pg.ClientBase): Promise<Stored[]> {
  const { rows } = await client.query<Stored>(`
    select conversation_id as conversation, array_agg(body order by seq) as bodies
    from messages
    group by website_id, conversation_id`);
  return rows;
}
