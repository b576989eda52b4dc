import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program that the tests need, from Debian's packages. */
type Program = { name: string; path: string; packages: string[] };

export const chromium: Program = {
  name: "Chromium",
  path: "/usr/bin/chromium",
  packages: ["chromium", "fonts-liberation", "fonts-noto-color-emoji"],
};

export const pgDump: Program = {
  name: "pg_dump 15",
  path: "/usr/lib/postgresql/15/bin/pg_dump",
  packages: ["postgresql-client-15"],
};

export const redisServer: Program = {
  name: "Redis",
  path: "/usr/bin/redis-server",
  packages: ["redis-server"],
};

export const pgbouncer: Program = {
  name: "PgBouncer",
  path: "/usr/sbin/pgbouncer",
  packages: ["pgbouncer"],
};

export const nginx: Program = {
  name: "nginx",
  path: "/usr/sbin/nginx",
  packages: ["nginx-light"],
};

export const haproxy: Program = {
  name: "HAProxy",
  path: "/usr/sbin/haproxy",
  packages: ["haproxy"],
};

export const caddy: Program = {
  name: "Caddy",
  path: "/usr/bin/caddy",
  packages: ["caddy"],
};

export const dockerCompose: Program = {
  name: "docker-compose",
  path: "/usr/bin/docker-compose",
  packages: ["docker-compose"],
};

export const systemdAnalyze: Program = {
  name: "systemd-analyze",
  path: "/usr/bin/systemd-analyze",
  packages: ["systemd"],
};

/** A store with the S3 API that checks signatures. */
export const swift: Program = {
  name: "Swift",
  path: "/usr/bin/swift-proxy-server",
  packages: ["swift-proxy", "swift-account", "swift-container", "swift-object"],
};

export const openssl: Program = {
  name: "OpenSSL",
  path: "/usr/bin/openssl",
  packages: ["openssl"],
};

/** Checks and tries the rules of alerts that are shipped. */
export const promtool: Program = {
  name: "promtool",
  path: "/usr/bin/promtool",
  packages: ["prometheus"],
};

/** Installs a program if it is missing and we are root; otherwise prints how to install it. @returns true if it is there */
export function install({ name, path, packages }: Program): boolean {
  if (existsSync(path)) return true;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log(`Installing ${packages.join(", ")}`);
    const options = { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    try {
      execFileSync("apt-get", ["update", "-qq"], options);
      execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], options);
    } catch {
      // the check below prints what to do
    }
  }
  if (existsSync(path)) return true;
  console.error(`The tests need ${name} at ${path}. As root: apt-get install ${packages.join(" ")}`);
  return false;
}
