import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, matchesGlob } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { dockerCompose, systemdAnalyze } from "#lab/install.ts";
import { makeFolder } from "#lab/programs/folders.ts";
import { settings } from "#platform/config.ts";

/** The files of deploy/, as far as they can be tried without a container engine. The proxies: web-proxies.test.ts */

const root = join(import.meta.dirname, "../..");
const deploy = join(root, "deploy");
const read = (name: string) => readFileSync(join(deploy, name), "utf8");

/** `compose config` with every variable that the example names; its answer is what the engine would run. */
function composed(file: string): Record<string, { environment?: Record<string, string> }> {
  const lines = [...read("several.env.example").matchAll(/^([A-Z0-9_]+)=(.*)$/gm)];
  const given = Object.fromEntries(lines.map(([, name, value]) => [name!, value || "x".repeat(32)]));
  const env = { PATH: process.env.PATH, ...given };
  const args = ["-f", join(deploy, file), "config"];
  const yaml = execFileSync(dockerCompose.path, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(
    execFileSync("python3", ["-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"], {
      input: yaml,
      encoding: "utf8",
    }),
  ).services;
}

test.each(["compose.yml", "compose.several.yml"])("%s is valid, and gives the server settings that exist", file => {
  const { chat, proxy } = composed(file);
  const given = chat!.environment!;
  expect(Object.keys(given).filter(name => !(name in settings.shape))).toEqual([]);
  expect(settings.safeParse(given).error?.issues ?? []).toEqual([]);
  expect(proxy).toBeDefined();
});

test("a setting of the example that is missing stops compose, and is named", () => {
  const { status, stderr } = spawnSync(dockerCompose.path, ["-f", join(deploy, "compose.several.yml"), "config"], {
    env: { PATH: process.env.PATH },
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/CHAT_HOST|POSTGRES_PASSWORD|SECRET/)]);
});

test("the systemd unit is valid, and its program and settings exist", () => {
  const folder = makeFolder();
  const unit = read("pro-livechat.service").replaceAll("/opt/pro-livechat", root);
  const file = join(folder, "pro-livechat.service");
  writeFileSync(file, unit);
  const { status, stderr } = spawnSync(systemdAnalyze.path, ["verify", "--man=no", file], { encoding: "utf8" });
  // What it says of other units of this machine is no fault of ours.
  expect(stderr.split("\n").filter(line => line.includes("pro-livechat"))).toEqual([]);
  expect(status).toBe(0);
  const names = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) => line!.match(/[A-Z_]+(?==)/g) ?? []);
  expect(names.filter(name => !(name in settings.shape))).toEqual([]);
});

test("the image builds from what its context holds, and the program in it runs without development packages", () => {
  const dockerfile = read("Dockerfile");
  const app = mkdtempSync(join(tmpdir(), "prochat-image-"));
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  copyContext(app);
  // As the image's RUN and ENTRYPOINT say.
  const [, build] = /^RUN (npm ci.*)$/m.exec(dockerfile)!;
  execFileSync("sh", ["-c", build!], {
    cwd: app,
    stdio: "ignore",
    env: { ...process.env, npm_config_prefer_offline: "true" },
  });
  const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as [string, ...string[]];
  const version = execFileSync(join(app, entry[0]), [...entry.slice(1), "--version"], { cwd: app, encoding: "utf8" });
  expect(version.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  for (const built of ["dist/dashboard/index.html", "dist/widget"])
    expect(existsSync(join(app, built)), built).toBe(true);
  const env = { PATH: process.env.PATH, PORT: "0", DEMO_PORT: "off", DATA_DIR: join(makeFolder(), "data") };
  const doctor = spawnSync(join(app, entry[0]), [...entry.slice(1), "doctor"], { cwd: app, env, encoding: "utf8" });
  expect(doctor.stderr).not.toContain("Cannot find");
  for (const variable of dockerfile.match(/^ENV (.*)$/m)![1]!.match(/[A-Z_]+(?==)/g)!) {
    expect(settings.shape).toHaveProperty(variable);
  }
});

/** Copies what Dockerfile.dockerignore leaves in. */
function copyContext(to: string): void {
  const lines = read("Dockerfile.dockerignore")
    .split("\n")
    .filter(line => line && !line.startsWith("#"));
  const wanted = lines.filter(line => line.startsWith("!")).map(line => line.slice(1));
  const unwanted = lines.filter(line => line !== "*" && !line.startsWith("!"));
  const files = wanted.flatMap(pattern => globSync([pattern, `${pattern}/**/*`], { cwd: root, withFileTypes: true }));
  for (const file of files.filter(each => each.isFile())) {
    const path = join(file.parentPath, file.name).slice(root.length + 1);
    if (unwanted.some(pattern => matchesGlob(path, pattern))) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(root, path), join(to, path));
  }
}
