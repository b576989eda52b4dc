import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { S3mini } from "s3mini";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type S3Server, startS3Server } from "#lab/programs/s3-server.ts";
import { type Fault, type FaultyProxy, startFaultyProxy } from "#lab/proxies/faulty-proxy.ts";
import { findFreePort } from "#server/http/listener.ts";
import { openBucket } from "./bucket.ts";
import { partBytes } from "./bucket-upload.ts";
import { keysOf, testStorage } from "./contract.ts";
import { findText } from "./find-text.ts";
import { readBack } from "./read-back.ts";

let server: S3Server;
let proxy: FaultyProxy;
beforeAll(async () => {
  server = await startS3Server();
  proxy = await startFaultyProxy(server.endpoint);
});
beforeEach(() => proxy.decide(() => null));
afterAll(async () => {
  await proxy?.close();
  await server?.stop();
});

type Options = { keepsVersions?: boolean; endpoint?: string; pageSize?: number };

async function openNew({ keepsVersions = false, endpoint = server.endpoint, ...others }: Options = {}) {
  const bucket = await server.makeBucket({ keepsVersions });
  return openBucket({ ...server, endpoint, bucket, prefix: "", pauseMs: 5, ...others });
}

testStorage(() => openNew());

const largeBytes = 2 * partBytes + 1_000_000;
const large = () => randomBytes(largeBytes);
const streamOf = (bytes: Buffer) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / 1e6) }, (_, i) => bytes.subarray(i * 1e6, (i + 1) * 1e6)),
  );

test("a wrong secret is refused by name, and nothing is stored", async () => {
  const bucket = await server.makeBucket();
  const wrong = openBucket({ ...server, secretAccessKey: "another-secret", bucket, prefix: "" });
  const refused = { code: "storage_unavailable", message: expect.stringContaining("Check S3_SECRET_ACCESS_KEY") };
  await expect(wrong.put("k", Buffer.from("x"))).rejects.toMatchObject(refused);
  await expect(wrong.get("k")).rejects.toMatchObject(refused);
  await expect(keysOf(wrong, "")).rejects.toMatchObject(refused);
  expect(await keysOf(openBucket({ ...server, bucket, prefix: "" }), "")).toEqual([]);
});

test("a missing bucket is an error, not an empty store", async () => {
  const storage = openBucket({ ...server, bucket: "no-such-bucket", prefix: "" });
  for (const ask of [
    () => storage.head("k"),
    () => storage.get("k"),
    () => keysOf(storage, ""),
    () => storage.delete("k"),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: "storage_unavailable" });
  }
});

test("a prefix keeps two stores of one bucket apart", async () => {
  const bucket = await server.makeBucket();
  const [one, other] = ["one/", "other/"].map(prefix => openBucket({ ...server, bucket, prefix }));
  await one!.put("k", Buffer.from("of one"));
  await other!.put("k", Buffer.from("of the other"));
  await other!.delete("k");
  expect(await keysOf(one!, "")).toEqual(["k"]);
  expect(await keysOf(other!, "")).toEqual([]);
});

test("more objects than a page are listed, each once", async () => {
  const storage = await openNew({ pageSize: 4 });
  const keys = Array.from({ length: 18 }, (_, i) => `n/${10 + i}`);
  await Promise.all(keys.map(key => storage.put(key, Buffer.from("x"))));
  expect(await keysOf(storage, "n/")).toEqual(keys);
});

test("a bucket that keeps versions says so, and all versions can be deleted", async () => {
  const storage = await openNew({ keepsVersions: true });
  expect(await storage.keepsVersions()).toBe(true);
  expect(await (await openNew()).keepsVersions()).toBe(false);
  for (const text of ["first", "second"]) await storage.put("person/letter", Buffer.from(text));
  await storage.put("person/letter2", Buffer.from("of another"));
  await storage.delete("person/letter");
  expect(await storage.head("person/letter")).toBeNull();
  expect(await storage.deleteAllVersions("person/letter")).toBe(2);
  expect(await storage.deleteAllVersions("person/letter")).toBe(0);
  expect(await keysOf(storage, "")).toEqual(["person/letter2"]);
});

test("what a bucket keeps of replaced and deleted objects is found, and read", async () => {
  const storage = await openNew({ keepsVersions: true, pageSize: 2 });
  const found = async () => {
    const places = [];
    for await (const { key, isEarlier } of findText(storage, ["Ada"], () => false)) places.push({ key, isEarlier });
    return places;
  };
  await storage.put("a/letter", Buffer.from("from ADA"));
  await storage.put("b/packed", gzipSync("from Ada"));
  await storage.put("c/other", Buffer.from("from Ben"));
  await storage.put("c/other", Buffer.from("from Ben again"));
  expect(await found()).toEqual(["a/letter", "b/packed"].map(key => ({ key, isEarlier: false })));
  await storage.put("a/letter", Buffer.from("rewritten"));
  await storage.delete("b/packed");
  expect(await found()).toEqual(["a/letter", "b/packed"].map(key => ({ key, isEarlier: true })));
  for (const key of ["a/letter", "b/packed"]) await storage.deleteAllVersions(key);
  expect(await found()).toEqual([]);
});

test("what a killed upload has left is removed with all versions", async () => {
  const bucket = await server.makeBucket();
  const raw = new S3mini({ ...server, endpoint: `${server.endpoint}/${bucket}` });
  const uploadId = await raw.getMultipartUploadId("person/large");
  await raw.uploadPart("person/large", uploadId, Buffer.alloc(6_000_000), 1);
  await openBucket({ ...server, bucket, prefix: "" }).deleteAllVersions("person/large");
  await expect(raw.uploadPart("person/large", uploadId, Buffer.alloc(6_000_000), 2)).rejects.toMatchObject({
    status: 404,
  });
});

const everyThird: [Fault][] = [["503"], ["cut-answer"], ["cut-request"], ["slow"], ["lost-answer"]];

test.each(everyThird)("what is put and got through a network with faults (%s) is whole", async fault => {
  const storage = await openNew({ endpoint: proxy.url });
  const faults: string[] = [];
  proxy.decide(({ method, path, number }) => {
    if (number % 3 !== 0) return null;
    faults.push(`${method} ${path}`);
    return fault;
  });
  for (const bytes of [Buffer.from("small"), large()]) {
    const written = await storage.put("k", bytes.length > 100 ? streamOf(bytes) : bytes);
    expect(await readBack(storage, "k")).toEqual(written);
    expect(written.sizeBytes).toBe(bytes.length);
  }
  expect(faults.length).toBeGreaterThan(2);
  expect(await keysOf(storage, "")).toEqual(["k"]);
});

test("a download that breaks many times goes on where it broke", async () => {
  const storage = await openNew({ endpoint: proxy.url });
  const written = await storage.put("k", large());
  const start = proxy.requests();
  proxy.decide(({ method, number }) => (method === "GET" && number < start + 8 ? "cut-answer" : null));
  expect(await readBack(storage, "k")).toEqual(written);
  expect(proxy.requests() - start).toBeGreaterThan(7);
});

test("an object that is replaced while a broken download goes on is not mixed with the old one", async () => {
  const storage = await openNew({ endpoint: proxy.url });
  await storage.put("k", large());
  const start = proxy.requests();
  proxy.decide(({ number }) => (number === start + 1 ? "cut-answer" : null));
  const stream = await storage.get("k");
  await storage.put("k", large());
  await expect(stream.toArray()).rejects.toThrow("was replaced while it was read");
});

test("a store that stays away is given up by name, and an upload leaves nothing", async () => {
  const storage = await openNew({ endpoint: proxy.url });
  await storage.put("k", Buffer.from("as it was"));
  proxy.decide(({ method }) => (method === "PUT" ? "503" : null));
  const failure = { code: "storage_unavailable", message: expect.stringContaining("503") };
  await expect(storage.put("k", Buffer.from("new"))).rejects.toMatchObject(failure);
  await expect(storage.put("k", streamOf(large()))).rejects.toMatchObject(failure);
  proxy.decide(() => "cut-answer");
  await expect(readBack(storage, "k")).rejects.toMatchObject({ code: "storage_unavailable" });
  proxy.decide(() => null);
  expect(await storage.head("k")).toMatchObject({ sizeBytes: 9 });
  const free = await findFreePort({ host: "127.0.0.1" });
  const nowhere = openBucket({
    ...server,
    endpoint: `http://127.0.0.1:${free}`,
    bucket: "b-1",
    prefix: "",
    pauseMs: 1,
  });
  await expect(nowhere.head("k")).rejects.toThrow("does not answer (ECONNREFUSED). Check S3_ENDPOINT");
});
