import type { ToldAvailability } from "#protocol/agents.ts";

/** Whether the agent is there to answer: as they chose, and away by themselves when they have left the keyboard. */
export type OwnAvailability = {
  get(): { chosen: ToldAvailability; now: ToldAvailability };
  /** Kept in the browser, for all of its tabs. */
  choose(next: ToldAvailability): void;
  /** Calls back after each change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  close(): void;
};

/** Without input in any tab for as long, an agent is away. */
const idleMs = 10 * 60_000;
/** Input is noted, and told to the other tabs, no more often. */
const noteMs = 5_000;
const inputs = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

/** @param page  the window */
export function createAvailability(
  userId: string,
  {
    storage = localStorage,
    page = window,
  }: { storage?: Pick<Storage, "getItem" | "setItem">; page?: EventTarget } = {},
): OwnAvailability {
  const chosenKey = `prochat:availability:${userId}`;
  const inputKey = `prochat:input:${userId}`;
  const listeners = new Set<() => void>();
  let lastInput = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state = read();

  function read() {
    const chosen: ToldAvailability = storage.getItem(chosenKey) === "away" ? "away" : "online";
    const isIdle = Date.now() - lastInput >= idleMs;
    return { chosen, now: isIdle ? ("away" as const) : chosen };
  }

  function look() {
    clearTimeout(timer);
    const leftMs = lastInput + idleMs - Date.now();
    if (leftMs > 0) timer = setTimeout(look, leftMs);
    const next = read();
    if (next.chosen === state.chosen && next.now === state.now) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function noteInput() {
    if (Date.now() - lastInput < noteMs) return;
    lastInput = Date.now();
    storage.setItem(inputKey, String(lastInput));
    look();
  }

  /** Another tab was told something. */
  function hear(event: Event) {
    const { key } = event as StorageEvent;
    if (key === inputKey) lastInput = Date.now();
    if (key === inputKey || key === chosenKey) look();
  }

  for (const name of inputs) page.addEventListener(name, noteInput, { capture: true, passive: true });
  page.addEventListener("storage", hear);
  noteInput(); // a page that is opened is looked at

  return {
    get: () => state,
    choose(next) {
      storage.setItem(chosenKey, next);
      look();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearTimeout(timer);
      for (const name of inputs) page.removeEventListener(name, noteInput, { capture: true });
      page.removeEventListener("storage", hear);
    },
  };
}
