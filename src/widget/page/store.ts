/** Named texts of one website in the visitor's browser. Never throws. */
export type Store = {
  get(name: string): string | null;
  /** null removes it */
  set(name: string, value: string | null): void;
  names(): string[];
};

/**
 * @param area    where to keep them; null where the browser offers none (blocked, or a sandboxed frame): then they
 *                last as long as the page
 * @param prefix  sets this website's apart from everything else that the page keeps there
 */
export function openStore(area: Storage | null, prefix: string): Store {
  const memory = new Map<string, string>();
  const stored = () => (area ? Object.keys(area) : [...memory.keys()]);
  return {
    get: name => (area ? area.getItem(prefix + name) : (memory.get(prefix + name) ?? null)),
    set(name, value) {
      if (!area) return void (value === null ? memory.delete(prefix + name) : memory.set(prefix + name, value));
      try {
        if (value === null) area.removeItem(prefix + name);
        else area.setItem(prefix + name, value);
      } catch {
        // The area is full: the page goes on with what it holds in memory.
      }
    },
    names: () => stored().flatMap(name => (name.startsWith(prefix) ? name.slice(prefix.length) : [])),
  };
}

/** Merely naming a storage throws where the visitor has blocked it. */
export function areaOf(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** What every key of a website begins with; the loader looks for it too. */
export const prefixOf = (websiteKey: string): string => `prochat:${websiteKey}:`;
