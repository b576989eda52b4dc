import { Agent, request } from "node:http";
import { WebSocket as Ws } from "ws";

/**
 * Makes a worker look like many people's browsers to src/client: each has an address of their own, and sends origin or
 * cookie by itself. Who somebody is stands in the query of the addresses that they call.
 */
export type Person = { localAddress: string; headers: Record<string, string> };

const people = new Map<string, Person>();
const whoIn = /[?&]who=(\d+)/;

/** @returns what is to follow "?" in every address that this person calls */
export function addPerson(person: Person): string {
  const who = String(people.size + 1);
  people.set(who, person);
  return `who=${who}`;
}

const personOf = (address: string) => people.get(whoIn.exec(address)![1]!)!;

class BrowserSocket extends Ws {
  constructor(address: string) {
    super(address, { ...personOf(address), perMessageDeflate: false, skipUTF8Validation: true });
    this.on("error", () => undefined); // a browser's socket only closes
  }
}

const agents = new Map<string, Agent>();
function agentOf(localAddress: string): Agent {
  // Whoever polls keeps a request open all the time: there are as many connections as people want.
  const known = agents.get(localAddress) ?? new Agent({ keepAlive: true, localAddress, maxFreeSockets: 4 });
  agents.set(localAddress, known);
  return known;
}

/** As much of fetch() as src/client uses; the platform's own cannot choose the address that it calls from. */
function fetchAsBrowser(address: string, init: RequestInit = {}): Promise<Pick<Response, "ok" | "status" | "json">> {
  const { localAddress, headers } = personOf(address);
  const { method = "GET", body, signal } = init;
  return new Promise((resolve, reject) => {
    const asking = request(address, {
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

/** To be called once, before src/client opens anything. */
export const becomeBrowser = () => void Object.assign(globalThis, { WebSocket: BrowserSocket, fetch: fetchAsBrowser });
