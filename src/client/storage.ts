/** Named texts that outlive a page: a part of the browser's storage. Never throws. */
export type TextStorage = {
  get(name: string): string | null;
  /** null removes it */
  set(name: string, value: string | null): void;
  listNames(): string[];
};

/**
 * @param area    where the texts are kept; null if the browser offers none (it is blocked, or the page is a sandboxed
 *                frame): then they last as long as the page
 * @param prefix  begins every key, and separates these texts from everything else in the area. In a browser it must not
 *                be empty: "length" or "clear" are no names for an entry
 */
export function openStorage(area: Storage | null, prefix: string): TextStorage {
  // The entries of a Storage are also its properties.
  const entries: Record<string, string> = area ?? Object.create(null);
  return {
    get: name => entries[prefix + name] ?? null,
    set(name, value) {
      try {
        if (value === null) delete entries[prefix + name];
        else entries[prefix + name] = value;
      } catch {
        // The area is full: the page continues with what it holds in memory.
      }
    },
    listNames: () => Object.keys(entries).flatMap(key => (key.startsWith(prefix) ? key.slice(prefix.length) : [])),
  };
}

/** The area of this page. Reading the property throws if the visitor has blocked it. */
export function areaOf(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return globalThis[kind];
  } catch {
    return null;
  }
}
