import type { ToldAvailability } from "#protocol/agents.ts";

/** Whether the agent is ready to answer: as chosen, or away after some time without input. */
export type OwnAvailability = {
  get(): { chosen: ToldAvailability; now: ToldAvailability };
  /** Stores the choice in the browser, for all tabs. */
  choose(next: ToldAvailability): void;
  /** Calls back after each change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  close(): void;
};

/** Without input in any tab for this long, an agent is away. */
const idleMs = 10 * 60_000;
/** Input is stored, for the other tabs, at most this often. */
const storeMs = 5_000;
const inputs = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

type AvailabilityOptions = { storage?: Pick<Storage, "getItem" | "setItem">; page?: EventTarget };

/** @param page  the window */
export function createAvailability(
  userId: string,
  { storage = localStorage, page = window }: AvailabilityOptions = {},
): OwnAvailability {
  const chosenKey = `prochat:availability:${userId}`;
  const listeners = new Set<() => void>();
  const input = watchInput(`prochat:input:${userId}`, { storage, page }, update);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state = read();
  page.addEventListener("storage", onStorage);
  update();

  function read() {
    const chosen: ToldAvailability = storage.getItem(chosenKey) === "away" ? "away" : "online";
    return { chosen, now: input.idleForMs() >= idleMs ? ("away" as const) : chosen };
  }

  function update() {
    clearTimeout(timer);
    const leftMs = idleMs - input.idleForMs();
    if (leftMs > 0) timer = setTimeout(update, leftMs);
    const next = read();
    if (next.chosen === state.chosen && next.now === state.now) return;
    state = next;
    for (const listener of listeners) listener();
  }

  /** Another tab has stored a choice. */
  function onStorage(event: Event) {
    if ((event as StorageEvent).key === chosenKey) update();
  }

  return {
    get: () => state,
    choose(next) {
      storage.setItem(chosenKey, next);
      update();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      clearTimeout(timer);
      input.stop();
      page.removeEventListener("storage", onStorage);
    },
  };
}

/**
 * Watches the agent's input, in this tab and in the others of the browser.
 * @param key       the tabs store here when input was last seen
 * @param onInput   is called at most once per `storeMs`
 */
function watchInput(key: string, { storage, page }: Required<AvailabilityOptions>, onInput: () => void) {
  // The agent has just opened this page.
  let lastInput = Date.now();
  storage.setItem(key, String(lastInput));

  function onEvent() {
    if (Date.now() - lastInput < storeMs) return;
    lastInput = Date.now();
    storage.setItem(key, String(lastInput));
    onInput();
  }

  /** Another tab has seen input. */
  function onStorage(event: Event) {
    if ((event as StorageEvent).key !== key) return;
    lastInput = Date.now();
    onInput();
  }

  for (const name of inputs) page.addEventListener(name, onEvent, { capture: true, passive: true });
  page.addEventListener("storage", onStorage);

  return {
    idleForMs: () => Date.now() - lastInput,
    stop() {
      for (const name of inputs) page.removeEventListener(name, onEvent, { capture: true });
      page.removeEventListener("storage", onStorage);
    },
  };
}
