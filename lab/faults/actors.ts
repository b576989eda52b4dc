import { createVisitor } from "#lab/actors/people.ts";
import type { Environment } from "#lab/environment/environment.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import { createRandom } from "#sample-data/random.ts";
import { type Actor, createAgentActor, createVisitorActor } from "./actor.ts";
import { misbehaveAsAgent, misbehaveAsVisitor, trespass } from "./invalid-clients.ts";
import { focusPages } from "./pages.ts";
import type { Client } from "./recorded-client.ts";

/** Visitors and agents of two websites, and a stranger at a third, who must receive nothing of the others. */
export type Actors = {
  clients(): Client[];
  /** Some actors send more messages at once than the rate limit allows. */
  sendMany(): void;
  /** All actors send a message. */
  sendTogether(): void;
  /** Actors edit or delete their newest messages, and from now on start nothing new; their clients stay connected. */
  stopWriting(): void;
  /** how often a page came back online */
  reconnects(): number;
  close(): void;
};

const thinkMs = { min: 200, spread: 2_000 };
/** Probabilities per turn: a page is reloaded; a visitor leaves and another one comes. */
const reloadShare = 0.04;
const leaveShare = 0.008;
/** More than the rate limit of a visitor. */
const burst = 22;

type Options = { visitors: number; seed: number };

export async function startActors(environment: Environment, recorder: Recorder, p: Options): Promise<Actors> {
  const random = createRandom(p.seed, 2);
  const { proxies, blockingProxy, server, owner, websites } = environment;
  const urls = [proxies[0].url, proxies[1].url, blockingProxy.url];
  const [shop, library, elsewhere] = websites;
  const turns = createTurns(recorder, random, addVisitor);
  let count = 0;

  async function addVisitor(): Promise<void> {
    const nth = ++count;
    // Every third visitor is at the library, every fourth has sockets blocked, every fifth has two tabs.
    const website = nth % 3 === 0 ? library! : shop!;
    const url = urls[nth % 4 === 0 ? 2 : nth % 2]!;
    const visitor = await createVisitor(server.url, { websiteKey: website.publicKey });
    const common = { name: `Visitor ${nth}`, url, random, recorder };
    const actor = createVisitorActor(common, visitor, website.id, nth % 5 === 0 ? 2 : 1);
    turns.add(nth % 6 === 1 ? misbehaveAsVisitor(actor, visitor, random, recorder) : actor, { mayLeave: true });
  }

  async function addAgents(): Promise<void> {
    const common = (name: string, nth: number) => ({ name, url: urls[nth]!, random, recorder });
    const stranger = await environment.invite(elsewhere!.id);
    const strangerActor = createAgentActor(common("Stranger", 1), stranger, [elsewhere!.id]);
    const colleague = await environment.invite(shop!.id);
    const colleagueActor = createAgentActor(common("Agent 2", 2), colleague, [shop!.id]);
    const ids = websites.map(({ id }) => id);
    for (const actor of [
      createAgentActor(common("Olga", 0), owner, ids),
      createAgentActor(common("Agent 1", 1), await environment.invite(shop!.id), [shop!.id]),
      misbehaveAsAgent(colleagueActor, colleague, random, recorder),
      createAgentActor(common("Librarian", 0), await environment.invite(library!.id), [library!.id]),
      trespass(strangerActor, stranger, random, recorder),
    ])
      turns.add(actor, { mayLeave: false });
  }

  await addAgents();
  for (let nth = 0; nth < p.visitors; nth++) await addVisitor();

  return {
    clients: () => turns.actors().flatMap(actor => actor.clients()),
    sendMany() {
      for (const actor of turns.actors()) if (random.chance(0.3)) actor.sendMany(burst);
    },
    sendTogether() {
      for (const actor of turns.actors()) actor.sendMany(1);
    },
    stopWriting() {
      for (const actor of turns.actors()) actor.changeNewest();
      turns.stopWriting();
      focusPages();
    },
    reconnects: turns.reconnects,
    close: turns.close,
  };
}

type Present = { actor: Actor; timer: NodeJS.Timeout; mayLeave: boolean };

/** Gives each actor a turn now and then. */
function createTurns(recorder: Recorder, random: ReturnType<typeof createRandom>, addVisitor: () => Promise<void>) {
  const all = new Set<Present>();
  let endedReconnects = 0;
  let isWriting = true;
  let isClosed = false;

  const reconnectsOf = ({ actor }: Present) => actor.clients().reduce((sum, client) => sum + client.reconnects(), 0);

  function takeTurn(present: Present) {
    present.actor.update();
    present.timer = setTimeout(() => takeTurn(present), thinkMs.min + random.below(thinkMs.spread));
    if (isWriting) act(present);
  }

  function act(present: Present) {
    present.actor.act();
    if (random.chance(reloadShare)) {
      const before = reconnectsOf(present);
      present.actor.reload();
      endedReconnects += before - reconnectsOf(present);
    } else if (present.mayLeave && random.chance(leaveShare)) {
      leave(present);
      recorder.history.left.add(present.actor.name);
      // If the server cannot be reached, there is one visitor less.
      addVisitor().catch(() => {});
    }
  }

  function leave(present: Present) {
    clearTimeout(present.timer);
    endedReconnects += reconnectsOf(present);
    present.actor.close();
    all.delete(present);
  }

  return {
    add(actor: Actor, { mayLeave }: { mayLeave: boolean }) {
      if (isClosed) return actor.close();
      const present = { actor, mayLeave, timer: setTimeout(() => takeTurn(present), random.below(thinkMs.spread)) };
      all.add(present);
    },
    actors: () => [...all].map(({ actor }) => actor),
    stopWriting() {
      isWriting = false;
    },
    reconnects: () => [...all].reduce((sum, present) => sum + reconnectsOf(present), endedReconnects),
    close() {
      isClosed = true;
      for (const present of all) leave(present);
    },
  };
}
