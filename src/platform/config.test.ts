import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { maskSetting, readConfig, settings } from "./config.ts";

test("every setting is in the documentation", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
  const documented = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name);
  expect(documented).toEqual(Object.keys(settings.shape));
});

test("an empty variable counts as absent", () => {
  expect(readConfig({ PORT: "", DATABASE_URL: "" })).toEqual(readConfig({}));
});

test("the demo page's port follows the server's", () => {
  expect(readConfig({ PORT: "9000" }).demoPort).toBe(9001);
  expect(readConfig({ PORT: "0" }).demoPort).toBe(0);
  expect(readConfig({ DEMO_PORT: "off" }).demoPort).toBeNull();
});

test.each([
  ["PORT", "80a"],
  ["PORT", "70000"],
  ["DATABASE_URL", "mysql://localhost/chat"],
  ["PUBLIC_URL", "chat.example.com"],
  ["LOG_LEVEL", "loud"],
  ["TRUST_PROXY", "maybe"],
  ["DATABASE_POOL_SIZE", "1"],
  ["REDIS_URL", "http://localhost:6379"],
  ["REDIS_PREFIX", "two words"],
  ["PROCESSES", "0"],
  ["PROCESSES", "many"],
  ["SOCKETS_PER_ADDRESS", "0"],
  ["BACKUPS", "maybe"],
  ["BACKUP_TIME", "24:00"],
  ["BACKUP_TIME_ZONE", "Europe/Nowhere"],
])("%s=%s is refused by name, with the expected value", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} is "${value}".*Expected: `));
});

test("an invalid token is refused and not shown", () => {
  expect(() => readConfig({ METRICS_TOKEN: "short" })).toThrow(/^METRICS_TOKEN is "\*\*\*".*Expected: /);
  expect(readConfig({ METRICS_TOKEN: "0123456789abcdef" }).metricsToken).toBe("0123456789abcdef");
  expect(() => readConfig({ SECRET: "short" })).toThrow(/^SECRET is "\*\*\*".*Expected: /);
  expect(readConfig({ SECRET: "x".repeat(32) }).secret).toBe("x".repeat(32));
});

test("several processes are refused without a Redis", () => {
  expect(() => readConfig({ PROCESSES: "2" })).toThrow(/^PROCESSES is "2".*REDIS_URL/);
  expect(readConfig({ PROCESSES: "2", REDIS_URL: "redis://localhost" }).processes).toBe(2);
  expect(readConfig({ PROCESSES: "auto", REDIS_URL: "redis://localhost" }).processes).toBe(availableParallelism());
});

test("the command line overrides the environment", () => {
  expect(readConfig({ PROCESSES: "2" }, { PROCESSES: "1" }).processes).toBe(1);
});

test("a store needs its address, bucket and keys together, and its secret is not shown", () => {
  const all = {
    S3_ENDPOINT: "https://store.example/",
    S3_BUCKET: "chat",
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "very-secret",
    S3_PREFIX: "a/b",
  };
  expect(readConfig(all).s3).toEqual({
    endpoint: "https://store.example",
    bucket: "chat",
    region: "us-east-1",
    accessKeyId: "id",
    secretAccessKey: "very-secret",
    prefix: "a/b/",
  });
  expect(readConfig({ S3_REGION: "auto" }).s3).toBeNull();
  expect(() => readConfig({ ...all, S3_SECRET_ACCESS_KEY: "" })).toThrow(/but not S3_SECRET_ACCESS_KEY\./);
  for (const wrong of ["ftp://store", "https://id:secret@store", "https://store/bucket"]) {
    expect(() => readConfig({ ...all, S3_ENDPOINT: wrong })).toThrow(/^S3_ENDPOINT is/);
  }
  expect(() => readConfig({ ...all, S3_PREFIX: "../" })).toThrow(/^S3_PREFIX is/);
  expect(maskSetting("S3_SECRET_ACCESS_KEY", "very-secret")).toBe("***");
});
