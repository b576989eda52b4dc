import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "#lab/clusters/tls.ts";
import { caddy, haproxy, nginx } from "#lab/install.ts";
import { findFreePort } from "#server/http/listener.ts";

export type WebProxy = {
  /** as in PUBLIC_URL */
  url: string;
  stop(): Promise<void>;
};

type Place = {
  folder: string;
  /** of the servers behind it */
  ports: number[];
  port: number;
  plainPort: number;
};

export const webProxies = ["nginx", "HAProxy", "Caddy"] as const;

/**
 * Runs a proxy with its file of deploy/, in which only addresses and the certificate are replaced.
 * @param ports  of the servers, which may start later
 */
export async function startWebProxy(kind: (typeof webProxies)[number], ports: number[]): Promise<WebProxy> {
  const folder = mkdtempSync(join(tmpdir(), "prochat-proxy-"));
  const [port, plainPort] = [await freePort(), await freePort()];
  const { command, env = {}, url } = starters[kind]({ folder, ports, port, plainPort });
  const [path = "", ...args] = command;
  const program = spawn(path, args, { env: { PATH: process.env.PATH, ...env }, stdio: "ignore" });
  const ended = once(program, "exit");
  return {
    url,
    async stop() {
      program.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

const freePort = () => findFreePort({ host: "127.0.0.1" });

type Started = { command: string[]; env?: Record<string, string>; url: string };

const starters: Record<(typeof webProxies)[number], (place: Place) => Started> = {
  nginx({ folder, ports, port, plainPort }) {
    const { key, certificate } = makeCertificate(folder);
    const site = deployed("nginx.conf", {
      "listen 80;": `listen 127.0.0.1:${plainPort};`,
      "listen 443 ssl http2;": `listen 127.0.0.1:${port} ssl http2;`,
      "server 127.0.0.1:8080;": ports.map(each => `server 127.0.0.1:${each};`).join("\n"),
      "/etc/letsencrypt/live/chat.example.com/fullchain.pem": certificate,
      "/etc/letsencrypt/live/chat.example.com/privkey.pem": key,
    });
    const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      name => `${name}_temp_path ${folder}/${name};`,
    );
    const main = `daemon off; pid ${folder}/pid; error_log ${folder}/errors;
      events { worker_connections 1024; }
      http { access_log off; ${places.join(" ")} ${site} }`;
    return { command: [nginx.path, "-c", write(folder, main)], url: `https://localhost:${port}` };
  },
  HAProxy({ folder, ports, port, plainPort }) {
    const { key, certificate } = makeCertificate(folder);
    const pem = join(folder, "both.pem");
    writeFileSync(pem, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
    const [first, second] = ports;
    const text = deployed("haproxy.cfg", {
      "maxconn 100000": "maxconn 1000", // it needs twice as many files
      "bind :80\n": `bind 127.0.0.1:${plainPort}\n`,
      "bind :443 ": `bind 127.0.0.1:${port} `,
      "/etc/haproxy/certificates/chat.example.com.pem": pem,
      "10.0.0.11:8080": `127.0.0.1:${first}`,
      "10.0.0.12:8080": `127.0.0.1:${second}`,
    });
    return { command: [haproxy.path, "-f", write(folder, text)], url: `https://localhost:${port}` };
  },
  // Without a certificate: Caddy would add its own authority to the machine.
  Caddy({ folder, ports, port }) {
    const url = `http://localhost:${port}`;
    return {
      command: [caddy.path, "run", "--adapter", "caddyfile", "--config", join(deploy, "Caddyfile")],
      env: {
        CHAT_HOST: url,
        CHAT_SERVERS: ports.map(each => `127.0.0.1:${each}`).join(" "),
        CADDY_ADMIN: `unix/${folder}/admin`,
        HOME: folder,
      },
      url,
    };
  },
};

export const deploy = join(import.meta.dirname, "../../deploy");

/** @throws if the file has no such text: it would be tested with another one than it has */
function deployed(name: string, replaced: Record<string, string>): string {
  let text = readFileSync(join(deploy, name), "utf8");
  for (const [from, to] of Object.entries(replaced)) {
    if (!text.includes(from)) throw new Error(`deploy/${name} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function write(folder: string, text: string): string {
  const file = join(folder, "configuration");
  writeFileSync(file, text);
  return file;
}
