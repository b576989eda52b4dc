/** Of which conversations an agent is notified. */
const scopes = ["mine-and-unassigned", "mine", "all"] as const;
/** repeat: until an agent has read the message */
const sounds = ["once", "repeat", "off"] as const;

export type Scope = (typeof scopes)[number];

/** How an agent is notified in this browser. */
export type Preferences = {
  scope: Scope;
  sound: (typeof sounds)[number];
  hasPopups: boolean;
  /** no sound and no popup from one time of the day, such as 20:00, to the other, by this device's clock */
  quietHours: { from: string; until: string } | null;
};

export type PreferenceStore = {
  get(): Preferences;
  change(patch: Partial<Preferences>): void;
  /** Calls back after each change, also of another tab; returns how to stop. */
  subscribe(listener: () => void): () => void;
};

type Options = { storage?: Pick<Storage, "getItem" | "setItem">; page?: EventTarget };

/** @param page  the window */
export function openPreferences(
  userId: string,
  { storage = localStorage, page = window }: Options = {},
): PreferenceStore {
  const key = `prochat:notifications:${userId}`;
  const listeners = new Set<() => void>();
  const read = () => parse(storage.getItem(key));
  let current = read();

  function onStorage(event: Event) {
    if ((event as StorageEvent).key === key) update();
  }

  function update() {
    current = read();
    for (const listener of listeners) listener();
  }

  return {
    get: () => current,
    change(patch) {
      storage.setItem(key, JSON.stringify({ ...current, ...patch }));
      update();
    },
    subscribe(listener) {
      if (listeners.size === 0) page.addEventListener("storage", onStorage);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) page.removeEventListener("storage", onStorage);
      };
    },
  };
}

/** What is missing or was never written by this page has its default. */
function parse(text: string | null): Preferences {
  const { scope, sound, hasPopups, quietHours } = readObject(text);
  return {
    scope: scopes.find(each => each === scope) ?? scopes[0],
    sound: sounds.find(each => each === sound) ?? sounds[0],
    hasPopups: hasPopups === true,
    quietHours: quietHours && isTime(quietHours.from) && isTime(quietHours.until) ? quietHours : null,
  };
}

function readObject(text: string | null): Partial<Preferences> {
  try {
    return JSON.parse(text ?? "{}") ?? {};
  } catch {
    return {};
  }
}

const isTime = (text: unknown) => typeof text === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** True between the two times of the day, also over midnight. Two equal times: the whole day. */
export function isQuiet({ quietHours }: Preferences, now: Date): boolean {
  if (!quietHours) return false;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}`;
  const { from, until } = quietHours;
  return from < until ? time >= from && time < until : time >= from || time < until;
}

const two = (number: number) => String(number).padStart(2, "0");
