import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { S3mini } from "s3mini";
import { eventually } from "#lab/eventually.ts";
import { install, swift } from "#lab/install.ts";
import { findFreePort } from "#server/http/listener.ts";

export type S3Server = {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Makes an empty bucket. @returns its name */
  makeBucket(options?: { keepsVersions?: boolean }): Promise<string>;
  stop(): Promise<void>;
};

const kinds = ["account", "container", "object"] as const;

/**
 * OpenStack Swift with its S3 API: a real store, which checks signatures and keeps versions. One copy of each object, on a
 * file system with extended attributes.
 */
export async function startS3Server(): Promise<S3Server> {
  if (!install(swift)) throw new Error("The tests of object storage need Swift: see above.");
  const folder = mkdtempSync(join(tmpdir(), "prochat-s3-"));
  const ports = [];
  for (let i = 0; i < 4; i++) ports.push(await findFreePort({ host: "127.0.0.1" }));
  const [proxyPort = 0, ...dataPorts] = ports;
  mkdirSync(join(folder, "devices/disk"), { recursive: true });
  writeFileSync(
    join(folder, "swift.conf"),
    "[swift-hash]\nswift_hash_path_suffix = lab\n[storage-policy:0]\nname = one\ndefault = yes\n",
  );
  execFileSync("/usr/bin/python3", ["-c", makeRings, ...dataPorts.map(String)], { cwd: folder });
  const servers = [
    ...kinds.map((kind, i) => startSwift(folder, kind, dataPorts[i]!, `[pipeline:main]\npipeline = ${kind}-server\n`)),
    startSwift(folder, "proxy", proxyPort, proxyPipeline),
  ];
  const endpoint = `http://127.0.0.1:${proxyPort}`;
  const keys = { region: "us-east-1", accessKeyId: "lab:tester", secretAccessKey: "lab-secret" };
  let buckets = 0;
  const server: S3Server = {
    endpoint,
    ...keys,
    async makeBucket({ keepsVersions = false } = {}) {
      const name = `bucket-${++buckets}`;
      const bucket = new S3mini({ ...keys, endpoint: `${endpoint}/${name}` });

      if (!(await bucket.createBucket())) throw new Error(`The bucket ${name} was not made.`);
      if (keepsVersions) await bucket.setBucketVersioning("Enabled");
      return name;
    },
    async stop() {
      for (const child of servers) await kill(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const port of ports) await eventually(() => probe(port), 60_000);
    await eventually(() => server.makeBucket(), 60_000);
    return server;
  } catch (error) {
    const logs = [...kinds, "proxy"].map(kind => readFileSync(join(folder, `${kind}.log`), "utf8").slice(-2_000));
    await server.stop();
    throw new Error(`Swift did not start.\n${logs.join("\n")}`, { cause: error });
  }
}

/** Each of one partition on one device; one Python does what nine calls of `swift-ring-builder` do. */
const makeRings = `
import sys
from swift.common.ring import RingBuilder
for kind, port in zip(${JSON.stringify(kinds)}, map(int, sys.argv[1:])):
    at = {"ip": "127.0.0.1", "port": port}
    device = {**at, **{"replication_" + key: value for key, value in at.items()}}
    builder = RingBuilder(1, 1, 1)
    builder.add_dev({"region": 1, "zone": 1, "device": "disk", "weight": 1, "meta": "", **device})
    builder.rebalance()
    builder.get_ring().save(kind + ".ring.gz")
`;

function startSwift(folder: string, kind: string, port: number, pipeline: string): ChildProcess {
  const file = join(folder, `${kind}-server.conf`);
  writeFileSync(
    file,
    `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${join(folder, "devices")}
mount_check = false
fallocate_reserve = 0
log_level = WARNING
${pipeline}
[app:${kind}-server]
use = egg:swift#${kind}
${kind === "proxy" ? proxyOptions : ""}`,
  );
  const log = openSync(join(folder, `${kind}.log`), "a");
  return spawn(join(binaries, `swift-${kind}-server`), [file, "--verbose"], {
    stdio: ["ignore", log, log],
    // Its own resolver asks the network for the names of this machine, for up to 30 s.
    env: { PATH: process.env.PATH, EVENTLET_NO_GREENDNS: "yes" },
  });
}

const binaries = "/usr/bin";

/** A deleted version is now and then answered with 500 when the timeout of a client is over: 60 s by default. */
const proxyOptions = `account_autocreate = true
error_suppression_interval = 0
recheck_container_existence = 0
recheck_account_existence = 0
client_timeout = 5
`;

const proxyPipeline = `[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_lab_tester = lab-secret .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:symlink]
use = egg:swift#symlink
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_versioned_writes = true
allow_object_versioning = true
`;

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** @throws while nothing listens on the port */
async function probe(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(1_000) });
  } finally {
    socket.destroy();
  }
}
