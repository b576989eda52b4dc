import type pg from "pg";
import { readCpu } from "#lab/programs/processes.ts";
import { checkHistories, type Verdict } from "./check.ts";
import type { GeneratorOrders } from "./generator.ts";
import { joinTalks, share, shareNumbers, sharePace, type Talked } from "./share.ts";
import type { Pace } from "./talk.ts";
import type { Running } from "./talker.ts";
import { startTeam } from "./workers.ts";

/** The generator's processes, which share visitors, websites and load among them. */
export type Crew = {
  /** Connects an agent a website and the visitors, each of whom begins a conversation. */
  open(running: Running, p: { websites: number; visitors: number }): Promise<void>;
  talk(p: { pace: Pace; seconds: number }): Promise<Talked>;
  check(running: Running, client: pg.ClientBase): Promise<Verdict>;
  cpuSeconds(): number;
  stop(): Promise<void>;
};

export function startCrew(size: number): Crew {
  const team = startTeam<GeneratorOrders>(new URL("./generator.ts", import.meta.url), size);
  return {
    async open({ chatModule, place }, { websites, visitors }) {
      await team.askAll("open", worker => ({
        ...{ chatModule, place, worker },
        websites: shareNumbers(websites, size, worker),
        visitors: share(visitors, size, worker),
      }));
    },
    async talk({ pace, seconds }) {
      return joinTalks(await team.askAll("talk", worker => ({ pace: sharePace(pace, size, worker), seconds })));
    },
    async check(running, client) {
      const histories = (await team.askAll("histories", () => undefined)).flat();
      return checkHistories(await running.listStored(client), histories);
    },
    cpuSeconds: () => readCpu(team.pids),
    stop: team.stop,
  };
}
