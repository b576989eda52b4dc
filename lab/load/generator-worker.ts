import type { History } from "./check.ts";
import { createMessageLoad, type Pace } from "./message-load.ts";
import { openPairs, type Pair } from "./pairs.ts";
import type { OpenDriver } from "./system-under-test.ts";
import { serveTasks } from "./workers.ts";

/** A process of the load generator that lets people talk over any system. */

let pairs: Pair[] = [];
let talks: ReturnType<typeof createMessageLoad>;

const tasks = {
  async open(p: { driverModule: string; place: unknown; worker: number; websites: number[]; visitors: number }) {
    const { openDriver } = (await import(p.driverModule)) as { openDriver: OpenDriver };
    const chat = openDriver(p.place as never);
    pairs = await openPairs(chat, { ...p, onReceived: (_side, key) => talks?.heard(key) });
    talks = createMessageLoad(p.worker, pairs);
  },
  talk: (p: { pace: Pace; seconds: number }) => talks.talk(p),
  histories: (): History[] => pairs.map(({ conversation, sent, heard }) => ({ conversation, sent, heard })),
};

export type GeneratorTasks = typeof tasks;

serveTasks(tasks);
