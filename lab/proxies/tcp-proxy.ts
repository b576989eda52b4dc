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
  close(): Promise<void>;
};

/** A proxy before the server whose connections a test can close, block and stall. */
export async function startTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const { port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const toServer = new Set<Socket>();
  let isBlocked = false;
  const server = createServer(near => {
    if (isBlocked) return void near.destroy();
    const far = connect(Number(port), "127.0.0.1");
    toServer.add(far);
    far.on("close", () => toServer.delete(far));
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
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
    async close() {
      closeConnections();
      server.close();
      await once(server, "close");
    },
  };
}
