import type { Socket } from "node:net";
import pg from "pg";
import type { Storage } from "#platform/storage/storage.ts";

const writing = ["put", "delete", "deleteAllVersions"];

/**
 * Ends a run before its `count`th change that lasts, as kill -9 does: every connection breaks, and the run does nothing more.
 * What lasts is a commit, a statement outside of a transaction, and a verb of the storage. A run that is killed at any other
 * statement leaves what one leaves that is killed before the next of these, because PostgreSQL rolls its transaction back.
 * @param run  gets the storage to use
 * @returns false if the run came to its end before
 */
export async function killedAt(
  count: number,
  storage: Storage,
  run: (dying: Storage) => Promise<unknown>,
): Promise<boolean> {
  const { query } = pg.Client.prototype;
  const sockets = new Set<Socket>();
  const inTransaction = new WeakSet<pg.Client>();
  let left = count;
  const dieAtLast = () => {
    if (--left > 0) return;
    for (const socket of sockets) socket.destroy();
    throw new Error("killed");
  };
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    sockets.add((this as unknown as { connection: { stream: Socket } }).connection.stream);
    const [statement] = given as [string | { text: string }];
    if (lasts(this, typeof statement === "string" ? statement : statement.text)) dieAtLast();
    return Reflect.apply(query, this, given);
  } as typeof query;
  /** False in a transaction, and of what only reads. */
  function lasts(client: pg.Client, text: string): boolean {
    const wasInside = inTransaction.has(client);
    // One message may have several statements.
    const verbs = text.split(";").map(each => each.trim().toLowerCase().split(/\W/, 1)[0]!);
    for (const verb of verbs) {
      if (verb === "begin" || verb === "start") inTransaction.add(client);
      if (verb === "commit" || verb === "rollback") inTransaction.delete(client);
    }
    if (verbs.includes("commit")) return true;
    return !wasInside && !["begin", "start", "rollback", "select", "set", "show"].includes(verbs[0]!);
  }
  const dying = new Proxy(storage, {
    get(target, name: keyof Storage) {
      const verb = target[name];
      if (typeof verb !== "function") return verb;
      return (...given: never[]) => {
        if (writing.includes(name)) dieAtLast();
        return Reflect.apply(verb as () => unknown, target, given);
      };
    },
  });
  try {
    await run(dying);
  } catch (error) {
    if (left > 0) throw error;
  } finally {
    pg.Client.prototype.query = query;
  }
  return left <= 0;
}
