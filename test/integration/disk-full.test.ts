import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { borrowDatabase } from "#database/embedded/open-database.ts";
import { shopOrigin } from "#lab/actors/app.ts";
import { createAgent, createVisitor } from "#lab/actors/people.ts";
import { query } from "#lab/clusters/schemas.ts";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { eventually } from "#lab/eventually.ts";
import { canMount, makeFolder, mountDisk } from "#lab/programs/folders.ts";
import { silent } from "#lab/programs/log.ts";
import { startProgram } from "#lab/programs/programs.ts";
import type { Me } from "#protocol/accounts.ts";

/** The server as an operator starts it, set up, with a visitor who writes. */
async function startShop(env: Record<string, string>) {
  const program = startProgram("src/cli/main.ts", ["start"], { env: { PORT: "0", DEMO_PORT: "off", ...env } });
  onTestFinished(() => void program.process.kill("SIGKILL"));
  const address = new URL(/http:\S+$/.exec(await program.firstLine)![0]);
  const owner = await createAgent(address.origin, "Olga Owner", agent =>
    agent.api<Me>("POST", "/setup", {
      code: address.searchParams.get("code"),
      owner: agent.account,
      website: { name: "Shop", allowedOrigins: [shopOrigin] },
    }),
  );
  const visitor = await createVisitor(address.origin, { websiteKey: owner.me.websites[0]!.publicKey });
  const ready = async () => {
    const answer = await fetch(new URL("/ready", address));
    return { status: answer.status, body: (await answer.json()) as { reason?: string } };
  };
  const acknowledged: string[] = [];
  return {
    program,
    ready,
    acknowledged,
    async send() {
      const { message } = await visitor.send(randomBytes(3_000).toString("base64"));
      acknowledged.push(message.id);
    },
  };
}

type Shop = Awaited<ReturnType<typeof startShop>>;

async function findStored(url: string): Promise<string[]> {
  const rows = await query(url, "select id from messages order by conversation_id, seq");
  return rows.map(row => row.id as string);
}

const filler = (disk: string) => join(disk, "filler");

function fill(disk: string): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${filler(disk)}`, "bs=4k"], { stdio: "ignore" });
  } catch {
    // It ends when the disk is full.
  }
}

const free = (disk: string) => rmSync(filler(disk));

async function expectFull({ ready }: Shop): Promise<void> {
  await eventually(async () =>
    expect(await ready()).toEqual({
      status: 503,
      body: { status: "unavailable", reason: expect.stringContaining("The database's disk is full") },
    }),
  );
}

async function expectRecovery({ ready, send }: Shop): Promise<void> {
  await eventually(async () => expect((await ready()).status).toBe(200));
  await send();
}

test.runIf(canMount)(
  "a disk for data that is full refuses messages and keeps them all once it has space again",
  async () => {
    const disk = mountDisk(40); // before the cluster, which is stopped first
    const cluster = await startScratchCluster();
    onTestFinished(() => cluster.stop());
    const { uid, gid } = statSync(`/proc/${cluster.pid()}`);
    chownSync(disk, uid, gid);
    await query(cluster.url, `create tablespace small location '${disk}'`);
    await query(cluster.url, "create database shop tablespace small");
    const url = Object.assign(new URL(cluster.url), { pathname: "/shop" }).href;
    const shop = await startShop({ DATA_DIR: makeFolder(), DATABASE_URL: url });
    await shop.send();
    expect(await shop.ready()).toMatchObject({ status: 200, body: { status: "ready" } });

    fill(disk);
    await expect(sendUntilRefused(shop)).rejects.toMatchObject({ status: 503, code: "unavailable" });
    await expectFull(shop);
    free(disk);
    await expectRecovery(shop);
    expect((await findStored(url)).sort()).toEqual(shop.acknowledged.toSorted());

    fill(disk);
    await expect(sendUntilRefused(shop)).rejects.toMatchObject({ code: "unavailable" });
    shop.program.process.kill("SIGTERM");
    expect(await shop.program.ended).toMatchObject({ code: 0 });
    free(disk);
  },
);

async function sendUntilRefused({ send }: Shop): Promise<never> {
  for (;;) await send();
}

test.runIf(canMount)(
  "a full disk ends the embedded PostgreSQL, and it starts again by itself when there is space",
  async () => {
    const disk = mountDisk(300);
    const dataDir = join(disk, "data");
    const shop = await startShop({ DATA_DIR: dataDir });
    const { url } = await borrowDatabase({ dataDir, databaseUrl: null, log: silent });
    await shop.send();

    fill(disk);
    await fillWal(url);
    await expectFull(shop);
    free(disk);
    await expectRecovery(shop);
    expect((await findStored(url)).sort()).toEqual(shop.acknowledged.toSorted());

    fill(disk);
    await fillWal(url);
    await expectFull(shop);
    shop.program.process.kill("SIGTERM");
    const { code, stderr } = await shop.program.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("PostgreSQL runs again") });
    free(disk);
  },
);

/** Writes WAL until PostgreSQL finds no space for it and, after a crash or two that it survives, none to recover. */
async function fillWal(url: string): Promise<void> {
  for (let code = ""; code !== "ECONNREFUSED"; ) {
    const client = new pg.Client(url);
    client.on("error", () => {}); // the running statement fails with the same error
    try {
      await client.connect();
      for (;;) await client.query("select pg_logical_emit_message(false, 'test', repeat(md5(random()::text), 30000))");
    } catch (error) {
      code = (error as { code?: string }).code ?? "";
    }
  }
}
