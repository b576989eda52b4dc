import type { Db } from "#database/connect.ts";
import { inserting } from "#database/partitions/missing.ts";
import type { AuditAction } from "#protocol/audit-actions.ts";
import type { Topic, Topics } from "#server/realtime/bus.ts";
import { insertAuditEntries } from "./audit-entries.ts";
import { type AuditRecord, type By, entryOf, type NewAuditEntry } from "./audit-record.ts";
import type { Ctx } from "./context.ts";

/** The bus, or a transaction that publishes after its commit. */
export type Publisher = {
  /** Best effort: a client that misses an event notices it by the numbers of the next one. */
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
};

/** What a transaction records besides its rows. */
export type Events = Publisher & {
  /** Written in the same transaction: a committed action always has its entry, whatever fails afterwards. */
  audit<A extends AuditAction>(by: By, record: AuditRecord<A>): void;
};

/**
 * Runs a transaction with its audit entries, and publishes its events after the commit. When it fails, nothing of it is
 * written or published.
 * @param run  may run again when the partition of a message's month was missing
 */
export async function transact<Result>(
  { bus }: Pick<Ctx, "bus">,
  db: Db,
  run: (tx: Db, events: Events) => Promise<Result>,
): Promise<Result> {
  const { result, publications } = await inserting(db, async tx => {
    const publications: (() => void)[] = [];
    const entries: NewAuditEntry[] = [];
    const result = await run(tx, {
      publish: (topic, event) => void publications.push(() => bus.publish(topic, event)),
      audit: (by, record) => void entries.push(entryOf(by, record)),
    });
    if (entries.length > 0) await insertAuditEntries(tx, entries);
    return { result, publications };
  });
  for (const publish of publications) publish();
  return result;
}
