import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startScratchCluster } from "#lab/clusters/scratch-cluster.ts";
import { enableTls, makeCertificate } from "#lab/clusters/tls.ts";
import { eventually } from "#lab/eventually.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { readConfig } from "#platform/config.ts";
import { certificateChecks, judgeCertificate } from "./certificates.ts";
import type { Finding, Source } from "./check.ts";

async function look(id: string, env: Record<string, string>, now = new Date()): Promise<Finding | null> {
  const check = certificateChecks.find(check => check.id === id)!;
  return check.look({ config: readConfig({ TRUST_PROXY: "1", ...env }), now } as Source);
}

const days = (count: number) => new Date(Date.now() + count * 86_400_000);
const words = { of: "chat.example.com", whatBreaks: "browsers refuse it", renew: "Renew it." };
const judge = (validFrom: Date, validTo: Date) =>
  judgeCertificate({ validFrom, validTo, problem: null }, new Date(), words);

test("a certificate that should have been renewed is a warning, then an error, and names the day", () => {
  const issued = days(-76);
  expect(judge(issued, days(14.1))).toMatchObject({ level: "ok", value: 14, why: expect.stringContaining("14 days") });
  expect(judge(issued, days(13.9))).toMatchObject({ level: "warn", fix: "Renew it." });
  expect(judge(issued, days(2.9)).why).toContain(days(2.9).toISOString().slice(0, 10));
  expect(judge(issued, days(2.9))).toMatchObject({ level: "error", value: 2 });
  expect(judge(issued, days(-1))).toMatchObject({ level: "error", why: expect.stringContaining("ended 24 hours ago") });
});

test("a certificate for six days is renewed later, and so is no warning earlier", () => {
  expect(judge(days(-4), days(2)).level).toBe("ok");
  expect(judge(days(-4.6), days(1.4)).level).toBe("error");
});

test("the certificate of PUBLIC_URL is read, and one that browsers refuse is a warning", async () => {
  const folder = makeFolder();
  const paths = makeCertificate(folder, { days: 90 });
  const server = createServer({ key: readFileSync(paths.key), cert: readFileSync(paths.certificate) });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const PUBLIC_URL = `https://localhost:${(server.address() as AddressInfo).port}`;
  const found = await look("certificate", { PUBLIC_URL });
  expect(found).toMatchObject({ level: "warn", why: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT") });
  expect(found!.value).toBeGreaterThan(88);
  expect(await look("certificate", { PUBLIC_URL }, days(88))).toMatchObject({ level: "error", value: 1 });
  expect(await look("certificate", { PUBLIC_URL: "http://localhost" })).toBeNull();
  expect(await look("certificate", { PUBLIC_URL: "https://localhost:1" })).toMatchObject({ level: "unknown" });
});

test("the certificate of PostgreSQL is read before anybody signs in, and left out where it does not encrypt", async () => {
  const cluster = await startScratchCluster("18");
  onTestFinished(() => cluster.stop());
  expect(await look("database-certificate", { DATABASE_URL: cluster.url })).toBeNull();
  const certificate = await enableTls(cluster.url, { days: 10 });
  onTestFinished(() => rmSync(dirname(certificate), { recursive: true }));
  await eventually(async () =>
    expect(await look("database-certificate", { DATABASE_URL: cluster.url })).toMatchObject({ level: "ok", value: 9 }),
  );
  const later = await look("database-certificate", { DATABASE_URL: cluster.url }, days(8));
  expect(later).toMatchObject({ level: "error", fix: expect.stringContaining("ssl_cert_file") });
  expect(await look("database-certificate", { DATABASE_URL: "postgres://x:y@127.0.0.1:1/z" })).toMatchObject({
    level: "unknown",
  });
  expect(await look("database-certificate", {})).toBeNull();
});
