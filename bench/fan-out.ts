import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { type WebSocket, WebSocketServer } from "ws";

const readers = 500;
const eventsARound = 20;
/** As long as an event of a message is. */
const event = { event: "message.created", data: { message: { body: "Wörter ".repeat(25) }, rest: "x".repeat(600) } };

type Reader = { ws: WebSocket; stream: Duplex };

const text = JSON.stringify(event);
const bytes = Buffer.from(text);
const sendBytes = ({ ws }: Reader) => ws.send(bytes, { binary: false });

/** How a turn of the event loop tells a reader of some events. */
type Way = { name: string; eventsATurn: number; tell: (reader: Reader) => void };
const ways: Way[] = [
  { name: "text", eventsATurn: 1, tell: ({ ws }) => ws.send(text) },
  { name: "bytes", eventsATurn: 1, tell: sendBytes },
  ...[2, 20].flatMap(eventsATurn => [
    { name: `bytes, ${eventsATurn} a turn`, eventsATurn, tell: times(eventsATurn, sendBytes) },
    { name: `bytes, ${eventsATurn} a turn written together`, eventsATurn, tell: together(eventsATurn) },
  ]),
];

function times(count: number, tell: Way["tell"]): Way["tell"] {
  return reader => {
    for (let i = 0; i < count; i++) tell(reader);
  };
}

function together(count: number): Way["tell"] {
  const tell = times(count, sendBytes);
  return reader => {
    reader.stream.cork();
    tell(reader);
    process.nextTick(() => reader.stream.uncork());
  };
}

/** What telling events to many costs: text that ws encodes for each, bytes encoded once, and those of a turn together. */
export const fanOutCommand = () =>
  new Command("fan-out")
    .description(
      "processor time of the sender for an event to one of many sockets, as text, as bytes, and several together",
    )
    .option("--rounds <n>", "rounds of each way", "15")
    .action(async ({ rounds }: { rounds: string }) => {
      const http = createServer().listen(0, "127.0.0.1");
      await once(http, "listening");
      const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
      const all: Reader[] = [];
      http.on("upgrade", (request, stream, head) =>
        wss.handleUpgrade(request, stream, head, ws => all.push({ ws, stream })),
      );
      const child = fork(import.meta.filename, [String((http.address() as AddressInfo).port)]);
      while (all.length < readers) await sleep(20);
      const costs = ways.map((): number[] => []);
      for (let round = 0; round < Number(rounds); round++) {
        for (const [i, way] of ways.entries()) costs[i]!.push(await costOf(all, way));
      }
      console.log(`an event of ${bytes.length} bytes to one of ${readers} sockets`);
      for (const [i, { name }] of ways.entries()) console.log(`${name}: ${median(costs[i]!).toFixed(2)} µs`);
      child.kill();
      wss.close();
      http.close();
      http.closeAllConnections();
    });

/** Microseconds of this process an event and socket. */
async function costOf(all: Reader[], { eventsATurn, tell }: Way): Promise<number> {
  const before = process.cpuUsage();
  for (let told = 0; told < eventsARound; told += eventsATurn) {
    all.forEach(tell);
    await new Promise(setImmediate);
  }
  while (all.some(({ ws }) => ws.bufferedAmount > 0)) await sleep(1);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (eventsARound * all.length);
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
