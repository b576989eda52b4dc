import type { Db } from "#database/connect.ts";
import { listWebsiteIds } from "#database/lifecycle/counters.ts";
import { listMonths } from "#database/retention/months.ts";
import { type Count, countMessages, storeSize } from "./websites.ts";

/**
 * Estimates how large each website is: its share of the messages of a month is its share of the month's size. A short
 * statement a website, so that nothing waits for it.
 */
export async function measureWebsites(db: Db, now: Date): Promise<void> {
  const counts = new Map<number, Count[]>();
  for (const websiteId of await listWebsiteIds(db)) counts.set(websiteId, await countMessages(db, websiteId));
  const totals = new Map<string, number>();
  for (const { month, messages } of [...counts.values()].flat()) totals.set(month, (totals.get(month) ?? 0) + messages);
  const sizes = new Map((await listMonths(db)).map(({ month, sizeBytes }) => [month, sizeBytes]));
  const lastMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
  const shareOf = ({ month, messages }: Count) => ((sizes.get(month) ?? 0) * messages) / (totals.get(month) || 1);
  for (const [websiteId, months] of counts) {
    const ofLastMonth = months.filter(({ month }) => month === lastMonth);
    await storeSize(db, {
      websiteId,
      messages: sum(months.map(({ messages }) => messages)),
      bytes: sum(months.map(shareOf)),
      lastMonthBytes: sum(ofLastMonth.map(shareOf)),
    });
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
