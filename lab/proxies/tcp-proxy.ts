import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type TcpProxy = {
  url: string;
  /** Closes all connections, as when a phone loses its network. */
  closeConnections(): void;
  /** true: closes all connections and refuses new ones, until the call with false. */
  block(isBlocked: boolean): void;
  /** true: reads nothing from the server but keeps the connections open, like a client that never reads. */
  stall(isStalled: boolean): void;
  /** Drops all bytes of the connections that are open now, in silence, as a firewall does. New ones work. */
  dropSilently(): void;
  close(): Promise<void>;
};

/** A proxy before the server whose connections a test can close, block and stall. */
export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const { port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const toServer = new Set<Socket>();
  const pairs = new Set<[near: Socket, far: Socket]>();
  let isBlocked = false;
  // Half open: dropSilently() must not answer one side's goodbye.
  const server = createServer({ allowHalfOpen: true }, near => {
    if (isBlocked) return void near.destroy();
    const far = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    toServer.add(far);
    far.on("close", () => toServer.delete(far));
    near.pipe(far).pipe(near);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        if (!pairs.has(pair)) return; // dropped: the other side does not learn of it
        pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const closeConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closeConnections,
    block(next) {
      isBlocked = next;
      if (isBlocked) closeConnections();
    },
    stall(isStalled) {
      for (const socket of toServer) isStalled ? socket.pause() : socket.resume();
    },
    dropSilently() {
      for (const pair of pairs) {
        for (const socket of pair) {
          socket.unpipe();
          socket.resume(); // reads, and writes nowhere
        }
      }
      pairs.clear();
    },
    async close() {
      closeConnections();
      server.close();
      await once(server, "close");
    },
  };
}
