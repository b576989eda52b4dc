import type { Config } from "#platform/config.ts";
import { type Finding, ok, plural } from "./check.ts";

export const loopback = /^(127\.|localhost$|\[?::1\]?$|$)/;

/** The host of DATABASE_URL; a path: a socket of this machine. */
export function databaseHostOf({ databaseUrl }: Config): string {
  const url = new URL(databaseUrl ?? "postgres://127.0.0.1");
  return url.searchParams.get("host") ?? url.hostname;
}

export const isOnThisMachine = (config: Config): boolean => {
  const host = databaseHostOf(config);
  return host.startsWith("/") || loopback.test(host);
};

/** With a number of trusted proxies, anybody who reaches the port past them can name any address as their own. */
export function judgeServerPort({ host, port, trustProxy }: Config, isContainer: boolean): Finding {
  if (loopback.test(host)) return ok(`Port ${port} is open to this machine only.`);
  if (isContainer) return ok(`Port ${port} is open in the network of the container. Publish it to the proxy only.`);
  if (typeof trustProxy !== "number" || trustProxy === 0) return ok(`Port ${port} is open on ${host}.`);
  return {
    level: "warn",
    why: `Port ${port} is open on ${host} beside the proxy: who reaches it directly is not encrypted, and can forge the address that limits count.`,
    fix: "If the proxy is on this machine: HOST=127.0.0.1. Otherwise TRUST_PROXY=<the proxy's network>, such as 10.0.0.0/8, and let the firewall admit only that.",
  };
}

/** Where PostgreSQL listens, as its settings say, and whether it has replicas. */
export type DatabasePort = { addresses: string; port: number; hasReplicas: boolean };
/** A line of pg_hba.conf that lets programs of other machines in without a password. */
export type Trusted = { line: number; rule: string };

const isEverywhere = (addresses: string) => addresses.split(/,\s*/).some(each => ["*", "0.0.0.0", "::"].includes(each));

/** @param trusted  none if the role may not read them */
export function judgeDatabasePort(
  { addresses, port, hasReplicas }: DatabasePort,
  trusted: Trusted[],
  config: Config,
): Finding {
  if (trusted.length > 0)
    return {
      level: "error",
      value: trusted.length,
      why: `${plural(trusted.length, "line")} of pg_hba.conf ${trusted.length === 1 ? "lets" : "let"} programs of other machines in without a password.`,
      fix: "Change trust to scram-sha-256 in the lines below, then as a superuser: select pg_reload_conf();",
      facts: trusted.map(({ line, rule }) => `line ${line}: ${rule}`),
    };
  if (!isEverywhere(addresses) || !isOnThisMachine(config) || hasReplicas)
    return ok(addresses === "" ? "PostgreSQL has no port." : `PostgreSQL listens on ${addresses}, port ${port}.`);
  return {
    level: "warn",
    why: `PostgreSQL listens on all networks (port ${port}), but only this machine uses it.`,
    fix: "As a superuser: alter system set listen_addresses = 'localhost'; then restart PostgreSQL.",
  };
}
