import { once } from "node:events";
import { WebSocket } from "ws";
import { addressesFrom } from "#lab/load/addresses.ts";
import { inParallel } from "#lab/load/parallel.ts";
import { serveTasks } from "#lab/load/workers.ts";
import { connectAtOnce } from "./connect-at-once.ts";

/** Connects sockets that do nothing, for the lower bound. */
const sockets: WebSocket[] = [];

const tasks = {
  async connect({ url, worker, visitors }: { url: string; worker: number; visitors: number }) {
    const addresses = addressesFrom(worker, "idle");
    const localAddresses = Array.from({ length: visitors }, () => addresses.next());
    await inParallel(localAddresses, connectAtOnce, async localAddress => {
      const socket = new WebSocket(url, { localAddress, perMessageDeflate: false, skipUTF8Validation: true });
      await once(socket, "open");
      sockets.push(socket);
    });
  },
  countOnline: () => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
};

export type BareTasks = typeof tasks;

serveTasks(tasks);
