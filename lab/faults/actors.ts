import { createVisitor } from "#lab/actors/people.ts";
import type { Environment } from "#lab/environment/environment.ts";
import type { Recorder } from "#lab/history/recorder.ts";
import { createRandom, type Random } from "#sample-data/random.ts";
import { type Actor, createAgentActor, createVisitorActor } from "./actor.ts";
import { misbehaveAsAgent, misbehaveAsVisitor, trespass } from "./invalid-clients.ts";
import { focusPages } from "./pages.ts";
import type { Client } from "./recorded-client.ts";
import { Turns } from "./turns.ts";

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

/** More than the rate limit of a visitor. */
const burst = 22;

type Options = { visitors: number; seed: number };
type Context = { environment: Environment; recorder: Recorder; random: Random; urls: string[] };

export async function startActors(environment: Environment, recorder: Recorder, p: Options): Promise<Actors> {
  const random = createRandom(p.seed, 2);
  const { proxies, blockingProxy } = environment;
  const urls = [proxies[0].url, proxies[1].url, blockingProxy.url];
  const context = { environment, recorder, random, urls };
  let visitors = 0;
  const turns = new Turns(recorder, random, addVisitor);

  async function addVisitor(): Promise<void> {
    const nth = ++visitors;
    turns.add(await createNthVisitor(context, nth), { mayLeave: !isInvalid(nth) });
  }

  for (const actor of await createAgents(context)) turns.add(actor, { mayLeave: false });
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
    reconnects: () => turns.reconnects(),
    close: () => turns.close(),
  };
}

/** Every third visitor is at the library, every fourth has sockets blocked, every fifth has two tabs. */
async function createNthVisitor({ environment, recorder, random, urls }: Context, nth: number): Promise<Actor> {
  const [shop, library] = environment.websites;
  const website = nth % 3 === 0 ? library! : shop!;
  const url = urls[nth % 4 === 0 ? 2 : nth % 2]!;
  const visitor = await createVisitor(environment.server.url, { websiteKey: website.publicKey });
  const common = { name: `Visitor ${nth}`, url, random, recorder };
  const actor = createVisitorActor(common, visitor, website.id, nth % 5 === 0 ? 2 : 1);
  return isInvalid(nth) ? misbehaveAsVisitor(actor, visitor, random, recorder) : actor;
}

/** They stay: every run must have some. */
const isInvalid = (nth: number) => nth % 6 === 1;

async function createAgents({ environment, recorder, random, urls }: Context): Promise<Actor[]> {
  const { owner, websites } = environment;
  const [shop, library, elsewhere] = websites.map(({ id }) => id) as [number, number, number];
  const common = (name: string, nth: number) => ({ name, url: urls[nth]!, random, recorder });
  const stranger = await environment.invite(elsewhere);
  const strangerActor = createAgentActor(common("Stranger", 1), stranger, [elsewhere]);
  const colleague = await environment.invite(shop);
  const colleagueActor = createAgentActor(common("Agent 2", 2), colleague, [shop]);
  return [
    createAgentActor(common("Olga", 0), owner, [shop, library, elsewhere]),
    createAgentActor(common("Agent 1", 1), await environment.invite(shop), [shop]),
    misbehaveAsAgent(colleagueActor, colleague, random, recorder),
    createAgentActor(common("Librarian", 0), await environment.invite(library), [library]),
    trespass(strangerActor, stranger, random, recorder),
  ];
}
