/** Each connection of an agent is of kind agent or awayAgent. */
export type Kind = "visitor" | "agent" | "awayAgent";
export type PresenceEntry = { kind: Kind; websiteId: number; id: string };

/** A roster as processes send it to each other. */
export type PresenceSnapshot = Record<Kind, [websiteId: number, ids: string[]][]>;

/** The people who are connected to one process, and the number of their connections. */
export type Roster = {
  has(entry: PresenceEntry): boolean;
  hasAny(kind: Kind, websiteId: number): boolean;
  /** @returns whether this is their first connection here */
  join(entry: PresenceEntry): boolean;
  /** @returns whether this was their last connection here */
  leave(entry: PresenceEntry): boolean;
  list(): PresenceEntry[];
  /** the ids of a kind at a website */
  listIds(kind: Kind, websiteId: number): string[];
  snapshot(): PresenceSnapshot;
};

const kinds = ["visitor", "agent", "awayAgent"] as const;

export function createRoster(): Roster {
  const connections: Record<Kind, Map<number, Map<string, number>>> = {
    visitor: new Map(),
    agent: new Map(),
    awayAgent: new Map(),
  };
  const count = ({ kind, websiteId, id }: PresenceEntry) => connections[kind].get(websiteId)?.get(id) ?? 0;

  return {
    has: entry => count(entry) > 0,
    hasAny: (kind, websiteId) => connections[kind].has(websiteId),
    join(entry) {
      const { kind, websiteId, id } = entry;
      const before = count(entry);
      const ids = connections[kind].get(websiteId) ?? new Map<string, number>();
      connections[kind].set(websiteId, ids.set(id, before + 1));
      return before === 0;
    },
    leave(entry) {
      const { kind, websiteId, id } = entry;
      const ids = connections[kind].get(websiteId);
      const left = count(entry) - 1;
      if (left > 0) ids?.set(id, left);
      else ids?.delete(id);
      if (ids?.size === 0) connections[kind].delete(websiteId);
      return left === 0;
    },
    list: () => kinds.flatMap(kind => listEntries(kind, connections[kind])),
    listIds: (kind, websiteId) => [...(connections[kind].get(websiteId)?.keys() ?? [])],
    snapshot: () => ({
      visitor: listByWebsite(connections.visitor),
      agent: listByWebsite(connections.agent),
      awayAgent: listByWebsite(connections.awayAgent),
    }),
  };
}

/** The roster that another process published. */
export function rosterOf(snapshot: PresenceSnapshot): Roster {
  const roster = createRoster();
  for (const kind of kinds) {
    for (const [websiteId, ids] of snapshot[kind]) for (const id of ids) roster.join({ kind, websiteId, id });
  }
  return roster;
}

type Connections = Map<number, Map<string, number>>;

const listEntries = (kind: Kind, connections: Connections): PresenceEntry[] =>
  [...connections].flatMap(([websiteId, ids]) => [...ids.keys()].map(id => ({ kind, websiteId, id })));

const listByWebsite = (connections: Connections) =>
  [...connections].map(([websiteId, ids]): [number, string[]] => [websiteId, [...ids.keys()]]);
