import type pg from "pg";
import { AppError } from "#protocol/errors.ts";
import type { Topic } from "./corpus.ts";
import { createRandom, formatId, makeId, type Random } from "./random.ts";

/** An agent, with the details of the event that gives them a conversation. */
export type Agent = { id: Buffer; name: string; assigned: Buffer };

export type Website = { id: number; origin: string; topic: Topic; agents: Agent[] };

/** The public keys of generated websites begin with it. */
export const generatedPrefix = "generated-";

const names = [
  ...["Ada", "Bo", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jun", "Kofi", "Lena"],
  ...["Mateo", "Noor", "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tala", "Uma", "Viktor", "Wanda", "Yara"],
];
/** The same in each generation: an agent's account stays valid. */
const agentIdSeed = 1;
const agentsCreatedMs = Date.UTC(2020, 0, 1);

/**
 * Makes the agents, who stay from one generation to the next, and the websites, the largest first. The first agent or
 * the given user owns every website; large websites have up to ten more agents.
 * @throws AppError "not_found" if there is no such user
 */
export async function insertWebsites(
  client: pg.ClientBase,
  p: { count: number; topics: Topic[]; createdAt: Date; owner?: string | undefined; random: Random },
): Promise<Website[]> {
  const agents = await upsertAgents(client);
  if (p.owner) agents[0] = await getOwner(client, p.owner);
  const newWebsites = Array.from({ length: p.count }, (_, rank) => {
    const topic = p.topics[rank % p.topics.length]!;
    const round = Math.floor(rank / p.topics.length);
    return { topic, name: topic.name + (round > 0 ? ` ${round + 1}` : ""), origin: `https://shop-${rank + 1}.example` };
  });
  const { rows } = await client.query<{ id: number }>(
    `insert into websites (name, public_key, identity_secret, allowed_origins, created_at)
     select name, $5 || place, secret, array[origin], $4
     from unnest($1::text[], $2::text[], $3::text[]) with ordinality as w (name, origin, secret, place)
     order by place
     returning id`,
    [
      newWebsites.map(website => website.name),
      newWebsites.map(website => website.origin),
      newWebsites.map(() => makeId(0, p.random).toString("base64url")),
      p.createdAt,
      generatedPrefix,
    ],
  );
  const websites = newWebsites.map(({ topic, origin }, rank) => ({
    id: rows[rank]!.id,
    origin,
    topic,
    agents: chooseTeam(agents, rank),
  }));
  await insertMemberships(client, websites, p.createdAt);
  return websites;
}

async function upsertAgents(client: pg.ClientBase): Promise<Agent[]> {
  const random = createRandom(agentIdSeed);
  const { rows } = await client.query<{ id: string; name: string }>(
    `insert into users (id, name, email, created_at, updated_at)
     select id, name, email, $4, $4
     from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as u (id, name, email, place)
     order by place
     on conflict (email) do update set email = excluded.email
     returning id, name`,
    [
      names.map(() => formatId(makeId(agentsCreatedMs, random))),
      names,
      names.map(name => `${name.toLowerCase()}@${generatedPrefix}agents.example`),
      new Date(agentsCreatedMs),
    ],
  );
  return rows.map(asAgent);
}

async function getOwner(client: pg.ClientBase, email: string): Promise<Agent> {
  const { rows } = await client.query<{ id: string; name: string }>("select id, name from users where email = $1", [
    email.toLowerCase(),
  ]);
  if (rows[0]) return asAgent(rows[0]);
  throw new AppError(
    "not_found",
    `There is no user with the e-mail address ${email}. Give --owner the address of an existing user.`,
  );
}

const asAgent = ({ id, name }: { id: string; name: string }): Agent => ({
  id: Buffer.from(id.replaceAll("-", ""), "hex"),
  name,
  // jsonb in COPY's binary format: a version, 1, and the text.
  assigned: Buffer.from(`\x01${JSON.stringify({ type: "assigned", to: { id, name } })}`),
});

function chooseTeam([owner, ...others]: Agent[], rank: number): Agent[] {
  const size = 1 + Math.floor(9 / (1 + rank / 4));
  return [owner!, ...Array.from({ length: size }, (_, place) => others[(rank * 5 + place) % others.length]!)];
}

async function insertMemberships(client: pg.ClientBase, websites: Website[], createdAt: Date): Promise<void> {
  const members = websites.flatMap(({ id, agents }) =>
    agents.map((agent, place) => ({
      websiteId: id,
      userId: formatId(agent.id),
      role: place ? "agent" : "owner",
      name: agent.name,
    })),
  );
  await client.query(
    `insert into memberships (website_id, user_id, role, name, created_at)
     select website_id, user_id, role, name, $5
     from unnest($1::integer[], $2::uuid[], $3::member_role[], $4::text[]) as member (website_id, user_id, role, name)`,
    [
      members.map(member => member.websiteId),
      members.map(member => member.userId),
      members.map(member => member.role),
      members.map(member => member.name),
      createdAt,
    ],
  );
}
