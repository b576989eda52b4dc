import type { Db } from "#database/connect.ts";
import { queryOf } from "#database/search/lexemes.ts";
import { findPhrases } from "#database/search/match.ts";
import { unitsOf } from "#database/search/units.ts";
import { AppError } from "#protocol/errors.ts";
import { listTags } from "#server/features/tags/feature.ts";
import { type Filters, listPeople, listVisitors } from "./queries.ts";
import type { Wanted } from "./query-language.ts";

type By = { websiteId: number; userId: string };

/** More people than these are too many to look at one by one. */
const maxVisitors = 200;

/**
 * Finds who and what a search names.
 * @returns `authors`: who wrote the messages, as of authorWord(); empty: anyone
 * @throws AppError "invalid_request" for a name that the website does not know
 */
export async function resolveNames(db: Db, by: By, wanted: Wanted): Promise<{ filters: Filters; authors: string[] }> {
  const [tagIds, assigneeIds, from] = await Promise.all([
    resolveTags(db, by, wanted.tags),
    resolveAssignees(db, by, wanted.assignee),
    resolveFrom(db, by, wanted.from),
  ]);
  const { authors, visitorIds } = from;
  return { filters: { status: wanted.status, assigneeIds, tagIds, visitorIds }, authors };
}

async function resolveTags(db: Db, { websiteId }: By, names: string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const tags = await listTags(db, websiteId);
  return names.map(name => {
    const tag = tags.find(each => unquoted(each.name) === unquoted(name));
    if (tag) return tag.id;
    throw new AppError(
      "invalid_request",
      `There is no tag “${name}” on this website. ${listed(tags.map(t => t.name))}`,
    );
  });
}

async function resolveAssignees(db: Db, by: By, name: string | null): Promise<Filters["assigneeIds"]> {
  if (name === null) return null;
  if (name.toLowerCase() === "me") return [by.userId];
  if (name.toLowerCase() === "nobody") return "nobody";
  const agents = await findAgents(db, by, name);
  // Several may have the same name, and no other way to tell them apart is written in a search.
  const names = [...new Set(agents.map(agent => agent.name.toLowerCase()))];
  if (names.length === 1) return agents.map(({ id }) => id);
  throw new AppError(
    "invalid_request",
    agents.length === 0
      ? `There is no agent “${name}” here. Write assignee:me, assignee:nobody or an agent's name.`
      : `“${name}” may be ${listedOr(agents.map(agent => agent.name))}. Write the whole name in quotes.`,
  );
}

/** Several `from:` find the messages of any of them. */
async function resolveFrom(
  db: Db,
  by: By,
  names: string[],
): Promise<{ authors: string[]; visitorIds: string[] | null }> {
  const authors = new Set<string>();
  const visitorIds = new Set<string>();
  let isAnyVisitor = false;
  for (const name of names) {
    const word = name.toLowerCase();
    if (word === "visitor") isAnyVisitor = true;
    else if (word === "me") authors.add(by.userId);
    else {
      const [agents, visitors] = await Promise.all([
        word === "agent" ? listPeople(db, by.websiteId) : findAgents(db, by, name),
        word === "agent" ? [] : findVisitors(db, by, name),
      ]);
      if (agents.length + visitors.length === 0) {
        throw new AppError(
          "invalid_request",
          `Nobody here is called “${name}”. Write a name, an e-mail address, from:visitor or from:agent.`,
        );
      }
      for (const { id } of agents) authors.add(id);
      for (const id of visitors) visitorIds.add(id);
    }
  }
  if (visitorIds.size > 0 && authors.size > 0 && !isAnyVisitor) {
    const [agent] = await findAgents(db, by, names[0]!);
    throw new AppError(
      "invalid_request",
      `“${names[0]}” is a visitor and an agent${agent ? ` (${agent.name})` : ""}. Write more of the name, an e-mail address, or from:agent.`,
    );
  }
  if (isAnyVisitor || visitorIds.size > 0) authors.add("visitor");
  return { authors: [...authors], visitorIds: isAnyVisitor || visitorIds.size === 0 ? null : [...visitorIds] };
}

async function findAgents(db: Db, { websiteId }: By, name: string): Promise<{ id: string; name: string }[]> {
  const people = await listPeople(db, websiteId);
  const exact = people.filter(person => unquoted(person.name) === unquoted(name));
  if (exact.length > 0) return exact;
  const phrases = phrasesOf(name);
  return phrases.length === 0 ? [] : people.filter(person => findPhrases(person.name, phrases));
}

async function findVisitors(db: Db, { websiteId }: By, name: string): Promise<string[]> {
  const phrases = phrasesOf(name);
  const words = queryOf(websiteId, phrases);
  if (words === null) return [];
  const found = await listVisitors(db, { websiteId, words, limit: maxVisitors + 1 });
  if (found.length > maxVisitors) {
    throw new AppError(
      "invalid_request",
      `More than ${maxVisitors} people are called “${name}”. Write more of the name.`,
    );
  }
  return found.map(({ visitorId }) => visitorId);
}

/** A name in quotes is written without the quotes that it has. */
const unquoted = (name: string) => name.replaceAll('"', "").toLowerCase();

const phrasesOf = (name: string) => (unitsOf(name).length > 0 ? [{ units: unitsOf(name), isPrefix: true }] : []);

const listed = (names: string[]) =>
  names.length === 0
    ? "It has no tags."
    : `Its tags: ${names.slice(0, 10).join(", ")}${names.length > 10 ? " …" : "."}`;
const listedOr = (names: string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names.slice(0, 5));
