import { join } from "node:path";
import { forkProgram } from "#lab/programs/forked.ts";
import { limits } from "#protocol/limits.ts";

export type BareWs = {
  /** one address for all processes, as with the product */
  url: string;
  /** of the processes that serve, and of the first one that hands connections to them when there are several */
  pids: number[];
  stop(): Promise<void>;
};

/**
 * The floor for memory: as many processes as the product runs, holding `ws` sockets and nothing else. What the product
 * needs beyond it is what the product keeps of a connection.
 */
export async function startBareWs(processes: number, heartbeatMs: number = limits.heartbeatMs): Promise<BareWs> {
  const path = join(import.meta.dirname, "bare-ws-server.ts");
  const { ready, stop } = await forkProgram<Omit<BareWs, "stop">>(path, [String(processes), String(heartbeatMs)]);
  return { ...ready, stop };
}
