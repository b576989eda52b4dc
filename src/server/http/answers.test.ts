import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { readConfig } from "#platform/config.ts";
import { findFreePort } from "#server/http/listener.ts";
import { startServer } from "#server/main.ts";

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

const cacheOf = async (path: string, init?: RequestInit) =>
  (await fetch(app.url + path, init)).headers.get("cache-control");

test("no answer is stored by browsers and proxies, but for files and what says so itself", async () => {
  const headers = { cookie: app.owner.headers.cookie!, origin: "https://shop.example" };
  for (const path of [
    "/api/v1/me",
    "/api/v1/nothing",
    `/api/v1/websites/${app.website.id}/inbox?view=all`,
    "/api/openapi.json",
    "/health",
    "/ready",
    "/inbox",
  ]) {
    expect([path, await cacheOf(path, { headers })]).toEqual([path, "no-store"]);
  }
  expect(await cacheOf(`/api/v1/widget/websites/${app.website.publicKey}`, { headers })).toBe("public, max-age=300");
  expect(await cacheOf("/widget.js")).toBe("public, max-age=300");
});

test("browsers keep to HTTPS once they were there, and only there", async () => {
  const hstsOf = async (url: string) => (await fetch(`${url}/health`)).headers.get("strict-transport-security");
  expect(await hstsOf(app.url)).toBeNull();
  const database = await cloneDatabase();
  const port = await findFreePort({ host: "127.0.0.1" });
  const env = { DEMO_PORT: "off", LOG_LEVEL: "error", DATA_DIR: makeFolder(), DATABASE_URL: database.url };
  const at = { PORT: String(port), PUBLIC_URL: "https://chat.example.com", TRUST_PROXY: "1" };
  const server = await startServer(readConfig({ ...env, ...at }));
  expect(await hstsOf(`http://127.0.0.1:${port}`)).toBe("max-age=31536000");
  await server.stop();
  await database.drop();
});

test("a client that does not finish its request is cut off", async () => {
  const { port, hostname } = new URL(app.url);
  const begun = ["", "GET /health HTTP/1.1\r\nhost: x\r\nx-slow: "].map(text => {
    const socket = connect(Number(port), hostname);
    socket.write(text);
    return socket.resume();
  });
  onTestFinished(() => begun.forEach(socket => void socket.destroy()));
  await Promise.all(begun.map(socket => once(socket, "close")));
});
