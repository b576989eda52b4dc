import { Agent, request } from "node:http";
import { WebSocket as Ws } from "ws";
import type { Browser, Transport } from "#client/socket/transport.ts";

/**
 * A browser for one of many people in one process: it has its own address, and sends origin or cookie by itself.
 * @param person.localAddress  of 127.0.0.0/8
 */
export function browserOf(person: { localAddress: string; headers: Record<string, string> }): Browser {
  return {
    events: null,
    openSocket(url) {
      const socket = new Ws(url, { ...person, perMessageDeflate: false, skipUTF8Validation: true });
      socket.on("error", () => undefined); // a browser's socket only closes
      return socket as unknown as Transport;
    },
    fetch: (url, init) => fetchFrom(person, url, init),
  };
}

const agents = new Map<string, Agent>();
function agentOf(localAddress: string): Agent {
  // A client that polls always keeps one request open, so connections are not limited.
  const known = agents.get(localAddress) ?? new Agent({ keepAlive: true, localAddress, maxFreeSockets: 4 });
  agents.set(localAddress, known);
  return known;
}

/** Node's fetch() cannot choose its source address. */
function fetchFrom(
  { localAddress, headers }: Parameters<typeof browserOf>[0],
  url: string,
  init: RequestInit = {},
): ReturnType<Browser["fetch"]> {
  const { method = "GET", body, signal } = init;
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method,
      agent: agentOf(localAddress),
      headers: { ...headers, ...(init.headers as Record<string, string>) },
      ...(signal && { signal }),
    });
    asking.on("error", reject);
    asking.on("response", response => {
      const chunks: Buffer[] = [];
      response.on("data", chunk => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const status = response.statusCode!;
        const json = async () => JSON.parse(Buffer.concat(chunks).toString());
        resolve({ ok: status >= 200 && status < 300, status, json });
      });
    });
    asking.end(body);
  });
}
