import { Agent, request } from "node:http";
import { WebSocket as Ws } from "ws";
import type { Browser, Transport } from "#client/socket/transport.ts";

/**
 * One of many people's browsers in one process: it has an address of its own, and sends origin or cookie by itself.
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
  // A client that polls keeps a request open all the time: there are as many connections as people want.
  const known = agents.get(localAddress) ?? new Agent({ keepAlive: true, localAddress, maxFreeSockets: 4 });
  agents.set(localAddress, known);
  return known;
}

/** The platform's own fetch() cannot choose the address that it calls from. */
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
