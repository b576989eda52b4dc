/** An agent is of the one kind or the other by each of their sockets. */
export type Kind = "visitor" | "agent" | "awayAgent";
export type Who = { kind: Kind; websiteId: number; id: string };

/** A roster on the wire between processes. */
export type Whole = Record<Kind, [websiteId: number, ids: string[]][]>;

/** Who is connected to one process, and by how many sockets. */
export type Roster = {
  has(who: Who): boolean;
  hasAny(kind: Kind, websiteId: number): boolean;
  /** @returns whether they are new here */
  enter(who: Who): boolean;
  /** @returns whether they are gone from here */
  leave(who: Who): boolean;
  list(): Who[];
  /** the ids of those at a website */
  at(kind: Kind, websiteId: number): string[];
  whole(): Whole;
};

const kinds = ["visitor", "agent", "awayAgent"] as const;

export function createRoster(): Roster {
  const sockets: Record<Kind, Map<number, Map<string, number>>> = {
    visitor: new Map(),
    agent: new Map(),
    awayAgent: new Map(),
  };
  const count = ({ kind, websiteId, id }: Who) => sockets[kind].get(websiteId)?.get(id) ?? 0;

  return {
    has: who => count(who) > 0,
    hasAny: (kind, websiteId) => sockets[kind].has(websiteId),
    enter(who) {
      const { kind, websiteId, id } = who;
      const before = count(who);
      const people = sockets[kind].get(websiteId) ?? new Map<string, number>();
      sockets[kind].set(websiteId, people.set(id, before + 1));
      return before === 0;
    },
    leave(who) {
      const { kind, websiteId, id } = who;
      const people = sockets[kind].get(websiteId);
      const left = count(who) - 1;
      if (left > 0) people?.set(id, left);
      else people?.delete(id);
      if (people?.size === 0) sockets[kind].delete(websiteId);
      return left === 0;
    },
    list: () =>
      kinds.flatMap(kind =>
        [...sockets[kind]].flatMap(([websiteId, people]) => [...people.keys()].map(id => ({ kind, websiteId, id }))),
      ),
    at: (kind, websiteId) => [...(sockets[kind].get(websiteId)?.keys() ?? [])],
    whole: () => ({
      visitor: listed(sockets.visitor),
      agent: listed(sockets.agent),
      awayAgent: listed(sockets.awayAgent),
    }),
  };
}

/** The roster that another process told of. */
export function rosterOf(whole: Whole): Roster {
  const roster = createRoster();
  for (const kind of kinds) {
    for (const [websiteId, ids] of whole[kind]) for (const id of ids) roster.enter({ kind, websiteId, id });
  }
  return roster;
}

const listed = (people: Map<number, Map<string, number>>) =>
  [...people].map(([websiteId, ids]): [number, string[]] => [websiteId, [...ids.keys()]]);
