import type { Refusal } from "./api.ts";
import { isTransient, retryMs } from "./sender.ts";
import { type AnyConversation, type Change, isBehind, type LoadedPage, type State } from "./store.ts";
import type { Asked } from "./thread.ts";

/** Before a client requests what seems missing: other events of the same batch arrive within this time. */
const repairDelayMs = 200;

/** The part of Sync that loading needs. */
type Holder<C extends AnyConversation> = { getState(): State<C>; apply(change: Change): void };
type FetchPage<C> = (conversationId: string, asked: Asked) => Promise<LoadedPage<C>>;

/** Loads messages by pages, and requests what a thread lacks until it has arrived. */
export class Loader<C extends AnyConversation> {
  readonly #holder: Holder<C>;
  readonly #fetchPage: FetchPage<C>;
  readonly #loading = new Map<string, Promise<void>>();
  readonly #repairing = new Set<string>();
  /** Counts reconnects: each begins all repairs again. */
  #run = 0;
  #repairTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(holder: Holder<C>, fetchPage: FetchPage<C>) {
    this.#holder = holder;
    this.#fetchPage = fetchPage;
  }

  /** Loads the newest page of a conversation, once. */
  async open(id: string): Promise<void> {
    if (!this.#thread(id)) await this.#load(id, {});
  }

  /**
   * Loads the page before the oldest message held, or the newest of the conversation before if one is complete.
   * @param limit  messages of the page, if it is not the usual one
   */
  async loadOlder(id: string, limit?: number): Promise<void> {
    const thread = this.#thread(id);
    const before = thread?.messages[0]?.seq;
    if (!thread?.complete) return this.#load(id, before ? { before, ...(limit && { limit }) } : {});
    const earlier = this.#holder.getState().conversations[id]?.continuesId;
    if (!earlier) return;
    return this.#thread(earlier) ? this.loadOlder(earlier) : this.#load(earlier, {});
  }

  /** To be called after each change. Further changes do not delay it: a busy reader gets changes all the time. */
  repairSoon(): void {
    if (this.#isClosed || this.#repairTimer || !this.#listBehind().length) return;
    this.#repairTimer = setTimeout(() => {
      this.#repairTimer = undefined;
      for (const id of this.#listBehind()) void this.#repair(id);
    }, repairDelayMs);
  }

  /** To be called after each reconnect: anything may have been missed, also by requests that are under way. */
  repairAll(): void {
    this.#run++;
    for (const id of Object.keys(this.#holder.getState().threads)) void this.#repair(id);
  }

  close(): void {
    this.#run++;
    this.#isClosed = true;
    clearTimeout(this.#repairTimer);
  }

  #thread = (id: string) => this.#holder.getState().threads[id];

  #isBehind = (id: string) => isBehind(this.#holder.getState(), id);

  #listBehind = () =>
    Object.keys(this.#holder.getState().threads).filter(id => this.#isBehind(id) && !this.#repairing.has(id));

  #load(id: string, asked: Asked): Promise<void> {
    const running = this.#loading.get(id);
    if (running) return running;
    const loading = this.#fetch(id, asked)
      .then(() => {})
      .finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #repair(id: string) {
    const run = this.#run;
    this.#repairing.add(id);
    const isDone = await this.#catchUp(id);
    if (!isDone) await new Promise(resolve => setTimeout(resolve, retryMs));
    if (run !== this.#run) return;
    if (!isDone) return void this.#repair(id);
    this.#repairing.delete(id);
    this.repairSoon();
  }

  /**
   * Requests what follows the last number held, and what changed since the last version held.
   * @returns false: retry after a pause
   */
  async #catchUp(id: string): Promise<boolean> {
    try {
      for (;;) {
        const before = this.#thread(id)!;
        const page = await this.#fetch(id, { after: before.lastSeq, since: before.changedVersion });
        const after = this.#thread(id)!;
        const hasMoved = after.lastSeq > before.lastSeq || after.changedVersion > before.changedVersion;
        if ((page.more || page.moreChanged) && hasMoved) continue;
        // The server process that answered is behind the one that published: retry.
        return hasMoved || !this.#isBehind(id);
      }
    } catch (error) {
      return !isTransient(error as Refusal | null);
    }
  }

  async #fetch(id: string, asked: Asked): Promise<LoadedPage<C>> {
    const page = await this.#fetchPage(id, asked);
    this.#holder.apply({ event: "page.loaded", data: { ...page, asked } });
    return page;
  }
}
