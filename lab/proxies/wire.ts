import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type Wire = {
  url: string;
  /** Breaks every connection, as a train in a tunnel does. */
  cut(): void;
  /** Lets nothing through until it is mended. */
  block(blocked: boolean): void;
  /** Takes nothing from the server any more, and does not say so: a reader who never reads. */
  stall(stalled: boolean): void;
  close(): Promise<void>;
};

/** A wire before the server that can be cut. */
export async function layWire(serverUrl: string): Promise<Wire> {
  const { port } = new URL(serverUrl);
  const ends = new Set<Socket>();
  const fars = new Set<Socket>();
  let blocked = false;
  const server = createServer(near => {
    if (blocked) return void near.destroy();
    const far = connect(Number(port), "127.0.0.1");
    fars.add(far);
    far.on("close", () => fars.delete(far));
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => undefined);
      end.on("close", () => {
        ends.delete(end);
        near.destroy();
        far.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    block(next) {
      blocked = next;
      if (blocked) cut();
    },
    stall(stalled) {
      for (const far of fars) stalled ? far.pause() : far.resume();
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** Tries until it holds; for what happens soon, but nobody says when. */
export async function eventually<T>(look: () => T | Promise<T>, patienceMs = 30_000): Promise<T> {
  for (const end = Date.now() + patienceMs; ; ) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
