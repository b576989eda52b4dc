import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { type WebSocket, WebSocketServer } from "ws";

const readers = 500;
const eventsARound = 20;
/** As long as an event of a message is. */
const event = { event: "message.created", data: { message: { body: "Wörter ".repeat(25) }, rest: "x".repeat(600) } };

/** What telling one event to many costs: text that ws encodes for each, and bytes encoded once. */
export const fanOutCommand = () =>
  new Command("fan-out")
    .description("processor time of the sender for an event to one of many sockets, as text and as bytes")
    .option("--rounds <n>", "rounds of each way", "15")
    .action(async ({ rounds }: { rounds: string }) => {
      const http = createServer().listen(0, "127.0.0.1");
      await once(http, "listening");
      const wss = new WebSocketServer({ server: http, perMessageDeflate: false });
      const child = fork(import.meta.filename, [String((http.address() as AddressInfo).port)]);
      while (wss.clients.size < readers) await sleep(20);
      const text = JSON.stringify(event);
      const bytes = Buffer.from(text);
      const ways = {
        text: (ws: WebSocket) => ws.send(text),
        bytes: (ws: WebSocket) => ws.send(bytes, { binary: false }),
      };
      const costs: Record<string, number[]> = { text: [], bytes: [] };
      for (let round = 0; round < Number(rounds); round++) {
        for (const [way, tell] of Object.entries(ways)) costs[way]!.push(await costOf([...wss.clients], tell));
      }
      for (const [way, each] of Object.entries(costs)) {
        console.log(`${way}: ${median(each).toFixed(2)} µs a socket, for ${bytes.length} bytes to ${readers} of them`);
      }
      child.kill();
      wss.close();
      http.close();
      http.closeAllConnections();
    });

/** Microseconds of this process a socket. */
async function costOf(sockets: WebSocket[], tell: (ws: WebSocket) => void): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < eventsARound; i++) {
    sockets.forEach(tell);
    await new Promise(setImmediate);
  }
  while (sockets.some(ws => ws.bufferedAmount > 0)) await sleep(1);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (eventsARound * sockets.length);
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

// The readers, in a process of their own: they read and do nothing.
if (process.argv[1] === import.meta.filename) {
  const port = Number(process.argv[2]);
  for (let i = 0; i < readers; i++) {
    const socket = connect(port, "127.0.0.1");
    socket.write(
      "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n" +
        "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    socket.resume().on("error", () => undefined);
  }
  process.on("disconnect", () => process.exit());
}
