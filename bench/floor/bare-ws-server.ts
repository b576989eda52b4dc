import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { endWithParent } from "#lab/programs/forked.ts";
import { limits } from "#protocol/limits.ts";

// Started by bare-ws.ts. Sockets have the options and listeners of src/server/realtime/transports/websocket-server.ts, and
// processes share a port as in src/server/processes/primary.ts. Nothing is answered.

const [processes, heartbeatMs] = process.argv.slice(2).map(Number) as [number, number];

/** Pings are spread over the heartbeat interval, so that thousands of them are not in memory at once. */
const slotCount = 25;

if (cluster.isWorker) await serve();
else {
  endWithParent();
  const { port, pids } = processes > 1 ? await startWorkers() : { port: await serve(), pids: [] };
  process.send?.({ url: `ws://127.0.0.1:${port}`, pids: [process.pid, ...pids] });
}

async function startWorkers(): Promise<{ port: number; pids: number[] }> {
  const workers = Array.from({ length: processes }, () => cluster.fork());
  const listening = await Promise.all(workers.map(worker => once(worker, "listening") as Promise<[AddressInfo]>));
  return { port: listening[0]![0].port, pids: workers.map(worker => worker.process.pid!) };
}

async function serve(): Promise<number> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes, perMessageDeflate: false });
  server.on("upgrade", (request, stream, head) => {
    stream.on("error", ignore);
    wss.handleUpgrade(request, stream, head, accept);
  });
  startPings(wss);
  server.listen(0, "127.0.0.1"); // node:cluster chooses one port for all workers
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function accept(ws: WebSocket) {
  ws.on("message", ignore);
  ws.on("error", ignore);
}

function startPings(wss: WebSocketServer) {
  let slot = 0;
  setInterval(() => {
    slot = (slot + 1) % slotCount;
    let nth = 0;
    for (const ws of wss.clients) if (nth++ % slotCount === slot) ws.ping();
  }, heartbeatMs / slotCount);
}

function ignore() {}
