import { join } from "node:path";
import { forkProgram } from "#lab/programs/forked.ts";
import { limits } from "#protocol/limits.ts";

export type BareWs = {
  /** one address for all processes, as with the product */
  url: string;
  /** of the serving processes; if there are several, also of the first one, which passes connections to them */
  pids: number[];
  stop(): Promise<void>;
};

/**
 * The lower bound for memory: as many processes as the product runs, which hold `ws` sockets and nothing else. The
 * product's memory beyond it is what the product keeps for each connection.
 */
export async function startBareWs(processes: number, heartbeatMs: number = limits.heartbeatMs): Promise<BareWs> {
  const path = join(import.meta.dirname, "bare-ws-server.ts");
  const { ready, stop } = await forkProgram<Omit<BareWs, "stop">>(path, [String(processes), String(heartbeatMs)]);
  return { ...ready, stop };
}
