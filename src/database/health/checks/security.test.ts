import { expect, test } from "vitest";
import { readConfig } from "#platform/config.ts";
import type { Finding, Source } from "./check.ts";
import { judgeDatabasePort, judgeServerPort } from "./hosts.ts";
import { judgeMachine } from "./processes.ts";
import { securityChecks } from "./security.ts";
import { judgeMemory } from "./shared-memory.ts";

async function look(id: string, env: Record<string, string>): Promise<Finding | null> {
  const check = securityChecks.find(check => check.id === id)!;
  return check.look({ config: readConfig(env), now: new Date() } as Source);
}

const store = (secret: string) => ({
  S3_ENDPOINT: "https://store.example.com",
  S3_BUCKET: "chat",
  S3_ACCESS_KEY_ID: "minioadmin",
  S3_SECRET_ACCESS_KEY: secret,
});

test("passwords that attackers try first are found in each setting, and never shown", async () => {
  const usual = {
    DATABASE_URL: "postgres://chat:Chat@127.0.0.1/chat",
    REDIS_URL: "redis://:foobared@127.0.0.1",
    ...store("minioadmin"),
  };
  const found = await look("default-passwords", usual);
  expect(found).toMatchObject({ level: "error", value: 3 });
  for (const setting of ["DATABASE_URL", "REDIS_URL", "S3_SECRET_ACCESS_KEY"]) expect(found!.why).toContain(setting);
  expect(JSON.stringify(found)).not.toMatch(/foobared|minioadmin/);
  expect(await look("default-passwords", { DATABASE_URL: usual.DATABASE_URL })).toMatchObject({ level: "warn" });
  const random = { DATABASE_URL: "postgres://chat:q8mJ2v@db/chat", ...store("kq83hD") };
  expect(await look("default-passwords", random)).toMatchObject({ level: "ok" });
  expect(await look("default-passwords", {})).toMatchObject({ level: "ok" });
});

test("a port that is open beside the proxy is a warning only where people could forge their address", () => {
  const judge = (env: Record<string, string>, isContainer = false) =>
    judgeServerPort(readConfig({ HOST: "0.0.0.0", PUBLIC_URL: "https://chat.example.com", ...env }), isContainer);
  expect(judge({ TRUST_PROXY: "1" })).toMatchObject({ level: "warn", fix: expect.stringContaining("HOST=127.0.0.1") });
  expect(judge({ TRUST_PROXY: "10.0.0.0/8" }).level).toBe("ok");
  expect(judge({ HOST: "127.0.0.1", TRUST_PROXY: "1" }).level).toBe("ok");
  expect(judge({ TRUST_PROXY: "1" }, true).level).toBe("ok");
});

test("a Redis of another machine needs a password", async () => {
  expect(await look("redis-password", { REDIS_URL: "redis://redis:6379" })).toMatchObject({ level: "warn" });
  expect(await look("redis-password", { REDIS_URL: "redis://:word@redis:6379" })).toMatchObject({ level: "ok" });
  expect(await look("redis-password", { REDIS_URL: "redis://localhost" })).toMatchObject({ level: "ok" });
  expect(await look("redis-password", {})).toBeNull();
});

test("PUBLIC_URL without TRUST_PROXY, and an address without HTTPS, are warnings", async () => {
  const PUBLIC_URL = "https://chat.example.com";
  expect(await look("address", { PUBLIC_URL })).toMatchObject({ level: "warn", why: expect.stringContaining("TRUST") });
  expect(await look("address", { PUBLIC_URL, TRUST_PROXY: "1" })).toMatchObject({ level: "ok" });
  const plain = { PUBLIC_URL: "http://chat.example.com", TRUST_PROXY: "1" };
  expect(await look("address", plain)).toMatchObject({ level: "warn", fix: expect.stringContaining("https://") });
});

test("PostgreSQL's memory is judged by the machine's and by what it has to keep", () => {
  const gb = 1024 ** 3;
  const judge = (sharedGb: number, databaseGb: number, machineGb: number | null) =>
    judgeMemory({ sharedBytes: sharedGb * gb, databaseBytes: databaseGb * gb }, machineGb && machineGb * gb);
  expect(judge(0.5, 0.1, 24).level).toBe("ok"); // all of it is in the cache
  expect(judge(0.5, 100, 24)).toMatchObject({ level: "warn", fix: expect.stringContaining("'6144MB'") });
  expect(judge(4, 100, 24).level).toBe("ok");
  expect(judge(16, 100, 24)).toMatchObject({ level: "warn", why: expect.stringContaining("Little is left") });
  expect(judge(0.5, 100, null).level).toBe("ok"); // on another machine, which cannot be seen
  expect(judge(0.0156, 0.01, 24)).toMatchObject({ level: "warn" });
});

test("little free memory of the machine is a warning, almost none an error, and unknown is not well", () => {
  const judge = (freeGb: number) => judgeMachine({ freeBytes: freeGb * 1024 ** 3, totalBytes: 4 * 1024 ** 3 });
  expect(judge(2)).toMatchObject({ level: "ok", value: 50, fix: null });
  expect(judge(0.3)).toMatchObject({ level: "warn", fix: expect.stringContaining("top -o %MEM") });
  expect(judge(0.1)).toMatchObject({ level: "error", why: expect.stringMatching(/^102.4 MB of 4 GB are free/) });
  expect(judgeMachine(null).level).toBe("unknown");
});

test("a PostgreSQL that listens to all networks is a warning where only this machine uses it", () => {
  const judge = (addresses: string, host = "127.0.0.1", hasReplicas = false) =>
    judgeDatabasePort(
      { addresses, port: 5432, hasReplicas },
      [],
      readConfig({ DATABASE_URL: `postgres://${host}/chat` }),
    );
  for (const everywhere of ["*", "0.0.0.0", "localhost, ::"])
    expect(judge(everywhere), everywhere).toMatchObject({
      level: "warn",
      fix: expect.stringContaining("set listen_addresses = 'localhost'"),
    });
  expect(judge("localhost")).toMatchObject({ level: "ok", why: "PostgreSQL listens on localhost, port 5432." });
  expect(judge("")).toMatchObject({ level: "ok", why: "PostgreSQL has no port." });
  expect(judge("*", "db.example").level).toBe("ok"); // this machine is not the only one that needs it
  expect(judge("*", "127.0.0.1", true).level).toBe("ok"); // neither where there are replicas
});
