import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { eventually } from "#lab/eventually.ts";
import { redisServer } from "#lab/install.ts";

export type TestRedis = {
  url: string;
  port: number;
  pid(): number;
  /** Ends it at once, as a crash does; start() starts it again at the same address, empty. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It accepts connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Sends a command, such as ["FLUSHALL"]. */
  ask(command: string[]): Promise<unknown>;
  stop(): Promise<void>;
};

/** A real Redis for one test file, with nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "prochat-redis-"));
  const port = await findPort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess;

  async function ask(command: string[]): Promise<unknown> {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on("error", () => {}); // connect() rejects with the same error
    try {
      await client.connect();
      return await client.sendCommand(command);
    } finally {
      client.destroy();
    }
  }

  const redis: TestRedis = {
    url,
    port,
    pid: () => server.pid!,
    ask,
    async start() {
      const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
      server = spawn(redisServer.path, args, { stdio: "ignore" });
      await eventually(() => ask(["PING"]));
    },
    async kill() {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    async stop() {
      if (server.exitCode === null && server.signalCode === null) await redis.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
