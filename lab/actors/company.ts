import type { World } from "#lab/environment/environment.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import { createRandom, type Random } from "#sample-data/random.ts";
import { misbehaveAsVisitor, trespass } from "./invalid-clients.ts";
import { createVisitor } from "./people.ts";
import { createAgentPerson, createVisitorPerson, type Person } from "./person.ts";
import { type Client, lookAgain } from "./recorded-clients.ts";

/** Everybody who chats: visitors and agents of two websites, and a stranger at a third who must hear nothing. */
export type Company = {
  clients(): Client[];
  /** Several say much at once. */
  paste(): void;
  /** From now on nobody says anything new: they look at their pages, which go on. */
  hush(): void;
  /** as often as somebody came back to a page that was there */
  reconnects(): number;
  close(): void;
};

type Guest = { person: Person; timer: NodeJS.Timeout; mayLeave: boolean };

const thinkMs = { least: 200, spread: 2_000 };
/** Of each act: the page is loaded again; a visitor leaves, and somebody new comes in their place. */
const reloads = 0.04;
const departures = 0.008;
/** More than a visitor may send at once. */
const pasted = 22;

export async function gather(
  world: World,
  recorder: Recorder,
  p: { visitors: number; seed: number },
): Promise<Company> {
  const random = createRandom(p.seed, 2);
  const ways = [world.streets[0].url, world.streets[1].url, world.office.url];
  const [shop, library, elsewhere] = world.websites;
  const guests = new Set<Guest>();
  let arrived = 0;
  let reconnects = 0;
  let isTalking = true;
  let isClosed = false;

  async function inviteVisitor(): Promise<void> {
    const nth = ++arrived;
    // Every third at the library, every fourth where sockets are blocked, every fifth with two tabs.
    const website = nth % 3 === 0 ? library! : shop!;
    const url = ways[nth % 4 === 0 ? 2 : nth % 2]!;
    const visitor = await createVisitor(world.server.url, { websiteKey: website.publicKey });
    const told = { name: `Visitor ${nth}`, url, random, recorder };
    const person = createVisitorPerson(told, visitor, website.id, nth % 5 === 0 ? 2 : 1);
    seat(nth % 6 === 1 ? misbehaveAsVisitor(person, visitor, random, recorder) : person, true);
  }

  async function inviteAgents(): Promise<void> {
    const told = (name: string, way: number) => ({ name, url: ways[way]!, random, recorder });
    const ids = world.websites.map(({ id }) => id);
    seat(createAgentPerson(told("Olga", 0), world.owner, ids), false);
    seat(createAgentPerson(told("Agent 1", 1), await world.invite(shop!.id), [shop!.id]), false);
    seat(createAgentPerson(told("Agent 2", 2), await world.invite(shop!.id), [shop!.id]), false);
    seat(createAgentPerson(told("Librarian", 0), await world.invite(library!.id), [library!.id]), false);
    const stranger = await world.invite(elsewhere!.id);
    const person = createAgentPerson(told("Stranger", 1), stranger, [elsewhere!.id]);
    seat(trespass(person, stranger, random, recorder), false);
  }

  function seat(person: Person, mayLeave: boolean) {
    if (isClosed) return person.close();
    const guest: Guest = { person, mayLeave, timer: setTimeout(() => live(guest), random.below(thinkMs.spread)) };
    guests.add(guest);
  }

  function live(guest: Guest) {
    guest.person.look();
    guest.timer = setTimeout(() => live(guest), thinkMs.least + random.below(thinkMs.spread));
    if (isTalking) behave(guest, random);
  }

  function behave(guest: Guest, random: Random) {
    guest.person.act();
    if (random.chance(reloads)) {
      const before = count(guest);
      guest.person.reload();
      reconnects += before - count(guest);
    } else if (guest.mayLeave && random.chance(departures)) {
      leave(guest);
      recorder.history.left.add(guest.person.name);
      // Where nobody can come in just now, one chats less.
      inviteVisitor().catch(() => {});
    }
  }

  const count = ({ person }: Guest) => person.clients().reduce((sum, client) => sum + client.reconnects(), 0);

  function leave(guest: Guest) {
    clearTimeout(guest.timer);
    reconnects += count(guest);
    guest.person.close();
    guests.delete(guest);
  }

  await inviteAgents();
  for (let nth = 0; nth < p.visitors; nth++) await inviteVisitor();

  return {
    clients: () => [...guests].flatMap(({ person }) => person.clients()),
    paste() {
      for (const { person } of guests) if (random.chance(0.3)) person.paste(pasted);
    },
    hush() {
      isTalking = false;
      lookAgain();
    },
    reconnects: () => [...guests].reduce((sum, guest) => sum + count(guest), reconnects),
    close() {
      isClosed = true;
      for (const guest of guests) leave(guest);
    },
  };
}
