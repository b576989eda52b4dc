import { addressesFrom } from "#lab/load/addresses.ts";
import type { History } from "#lab/load/check.ts";
import { inParallel } from "#lab/load/parallel.ts";
import type { Driver, OpenDriver } from "#lab/load/system-under-test.ts";
import { serveTasks } from "#lab/load/workers.ts";
import { type Desk, openDesk, Visit } from "./visit.ts";
import { type Step, steps } from "./visits-report.ts";

/** The visitors and agents, in a process whose work is not counted. */

const addresses = addressesFrom(0, "authors");
/** Of so many visits, one comes back after it has left. */
const comesBack = 5;

let driver: Driver;
let desks: Desk[] = [];
let begun = 0;
let chats: Visit[] = [];

function begin(): Visit {
  const nth = begun++;
  const website = nth % desks.length;
  return new Visit(driver, desks[website]!, { website, localAddress: addresses.next(), key: String(nth) });
}

const tasks = {
  async open(p: { driverModule: string; access: unknown; websites: number }): Promise<void> {
    const { openDriver } = (await import(p.driverModule)) as { openDriver: OpenDriver };
    driver = openDriver(p.access as never);
    desks = await inParallel([...Array(p.websites).keys()], 32, nth => openDesk(driver, nth, addresses.next()));
  },

  /** Begins visits, for step(). */
  begin(p: { visits: number }): void {
    chats = Array.from({ length: p.visits }, begin);
  },

  /** All visits make a step, so many times. */
  async step(p: { step: Step; times: number; atOnce: number }): Promise<void> {
    await inParallel(chats, p.atOnce, async visit => {
      for (let nth = 0; nth < p.times; nth++) await visit.take(p.step, nth);
    });
  },

  /** Visits one after another, `atOnce` beside each other; of 100, `chatting` write. */
  async crowd(p: { seconds: number; atOnce: number; chatting: number }) {
    const end = performance.now() + p.seconds * 1000;
    const latencies = new Map<Step, number[]>();
    const failures: string[] = [];
    let visits = 0;

    async function take(visit: Visit, step: Step, nth: number) {
      const from = performance.now();
      await visit.take(step, nth);
      const times = latencies.get(step) ?? [];
      times.push(performance.now() - from);
      latencies.set(step, times);
    }

    async function visitOnce() {
      const visit = begin();
      const isChatting = (begun * p.chatting) % 100 < p.chatting;
      if (isChatting) chats.push(visit);
      for (const { name, times } of steps) {
        if (!isChatting && name !== "connect" && name !== "page view" && name !== "leave") continue;
        for (let nth = 0; nth < times; nth++) await take(visit, name, nth);
      }
      if (begun % comesBack === 0) {
        await visit.comeBack();
        await visit.take("leave");
      }
      visits++;
    }

    const lane = async () => {
      while (performance.now() < end) await visitOnce().catch(error => failures.push(error?.message ?? String(error)));
    };
    await Promise.all(Array.from({ length: p.atOnce }, lane));
    const times = [...latencies].map(([step, times]) => [step, Float64Array.from(times)] as const);
    return { visits, times: Object.fromEntries(times) as Partial<Record<Step, Float64Array>>, failures };
  },

  histories: (): History[] => chats.map(({ history }) => history),
};

export type VisitTasks = typeof tasks;

serveTasks(tasks);
