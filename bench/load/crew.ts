import type pg from "pg";
import { checkHistories, type Verdict } from "./check.ts";
import type { GeneratorOrders } from "./generator.ts";
import { type Latency, summarize } from "./latency.ts";
import { readCpu } from "./processes.ts";
import type { Pace } from "./talk.ts";
import type { Running } from "./talker.ts";
import { startWorker } from "./workers.ts";

export type Talked = {
  /** a second, acknowledged and delivered before the time was over */
  perSecond: number;
  sent: number;
  acknowledged: Latency;
  delivered: Latency;
  failures: string[];
  unfinished: number;
  heldBack: number;
};

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
  const workers = Array.from({ length: size }, () =>
    startWorker<GeneratorOrders>(new URL("./generator.ts", import.meta.url)),
  );
  const askAll = <K extends keyof GeneratorOrders>(
    order: K,
    paramsOf: (nth: number) => Parameters<GeneratorOrders[K]>[0],
  ) => Promise.all(workers.map((worker, nth) => worker.ask(order, paramsOf(nth))));

  return {
    async open({ chatModule, place }, { websites, visitors }) {
      const numbers = Array.from({ length: websites }, (_, nth) => nth);
      await askAll("open", worker => ({
        ...{ chatModule, place, worker },
        websites: numbers.filter(nth => nth % size === worker),
        visitors: share(visitors, size, worker),
      }));
    },
    async talk({ pace, seconds }) {
      const talks = await askAll("talk", worker => ({ pace: sharePace(pace, size, worker), seconds }));
      const sum = (of: (talk: (typeof talks)[number]) => number) => talks.reduce((total, talk) => total + of(talk), 0);
      return {
        perSecond: sum(talk => talk.doneInTime / talk.seconds),
        sent: sum(talk => talk.sent),
        acknowledged: summarize(talks.map(talk => talk.acknowledged)),
        delivered: summarize(talks.map(talk => talk.delivered)),
        failures: talks.flatMap(talk => talk.failures),
        unfinished: sum(talk => talk.unfinished),
        heldBack: sum(talk => talk.heldBack),
      };
    },
    async check(running, client) {
      return checkHistories(running, client, (await askAll("histories", () => undefined)).flat());
    },
    cpuSeconds: () => readCpu(workers.map(({ pid }) => pid)),
    stop: async () => void (await Promise.all(workers.map(worker => worker.stop()))),
  };
}

/** Whole parts that differ by one at most. */
const share = (total: number, parts: number, nth: number) => Math.floor(total / parts) + (nth < total % parts ? 1 : 0);

const sharePace = (pace: Pace, parts: number, nth: number): Pace =>
  "atOnce" in pace ? { atOnce: share(pace.atOnce, parts, nth) } : { perSecond: pace.perSecond / parts };
