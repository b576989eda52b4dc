import { get, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "#lab/actors/app.ts";

/** What goes over the wire, as a browser asks for it. */

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

type Answer = { headers: IncomingHttpHeaders; body: Buffer };

/** node:http, because fetch() decompresses by itself. */
const request = (path: string, encodings: string) =>
  new Promise<Answer>((resolve, reject) => {
    get(`${app.url}${path}`, { headers: { "accept-encoding": encodings } }, async response => {
      resolve({ headers: response.headers, body: await buffer(response) });
    }).on("error", reject);
  });

const decompress = { br: brotliDecompressSync, gzip: gunzipSync };

/** The addresses of scripts and styles that a text names. */
const filesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[0]);

async function listFiles(): Promise<string[]> {
  const page = (await request("/sign-in", "identity")).body.toString();
  const loader = (await request("/widget.js", "identity")).body.toString();
  const ofDashboard = filesIn(page, /\/assets\/index-[\w-]+\.(js|css)/g);
  const ofWidget = filesIn(loader, /app-[\w-]+\.js/g).map(name => `/widget/${name}`);
  expect([ofDashboard.length, ofWidget.length]).toEqual([2, 1]);
  return ["/widget.js", ...ofWidget, ...ofDashboard];
}

test("built files come compressed as the browser accepts it, and are the same file", async () => {
  for (const path of await listFiles()) {
    const plain = await request(path, "identity");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    for (const encoding of ["br", "gzip"] as const) {
      const { headers, body } = await request(path, encoding);
      expect(headers).toMatchObject({
        "content-encoding": encoding,
        "content-type": plain.headers["content-type"],
        "content-length": String(body.length),
        vary: expect.stringMatching(/accept-encoding/i),
      });
      expect(decompress[encoding](body).equals(plain.body)).toBe(true);
    }
    expect((await request(path, "gzip, deflate, br, zstd")).headers["content-encoding"]).toBe("br");
  }
});

test("the widget is as small on the wire as README says", async () => {
  const [loader, chat] = await listFiles();
  const sizes = await Promise.all([loader!, chat!].map(async path => (await request(path, "gzip")).body.length));
  expect(sizes[0]).toBeLessThanOrEqual(2_000);
  expect(sizes[0]! + sizes[1]!).toBeLessThanOrEqual(20_000);
});

test("a long answer in JSON comes compressed, a short one as it is", async () => {
  const long = await request("/api/openapi.json", "gzip, br");
  expect(long.headers).toMatchObject({ "content-encoding": "gzip", vary: expect.stringMatching(/accept-encoding/i) });
  expect(JSON.parse(gunzipSync(long.body).toString())).toHaveProperty("openapi");
  expect(long.body.length).toBeLessThan((await request("/api/openapi.json", "identity")).body.length / 4);
  expect((await request("/health", "gzip, br")).headers["content-encoding"]).toBeUndefined();
});
