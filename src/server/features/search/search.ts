import type { Db } from "#database/connect.ts";
import { monthOf, partitionOf, tableOfMonth } from "#database/partitions/months.ts";
import { getSearchState, listSearchMonths } from "#database/search/index-queries.ts";
import { queryOf } from "#database/search/lexemes.ts";
import { excerptOf, findPhrases, type Range } from "#database/search/match.ts";
import { limits } from "#protocol/limits.ts";
import type { FoundPerson, SearchPage, SearchResult } from "#protocol/search.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import {
  type Filters,
  type FoundMessage,
  findInConversations,
  findInMonth,
  listFiltered,
  listNewestConversations,
  listVisitors,
  type Place,
  readFound,
  walkMonth,
} from "./queries.ts";
import { readQuery, type Wanted } from "./query-language.ts";
import { resolveNames } from "./resolve-names.ts";

type Asked = {
  websiteId: number;
  /** who asks: "me" */
  userId: string;
  text: string;
  timeZone: string;
  cursor: string | null;
};

const pageSize = limits.searchPageSize;
const maxPeople = 5;
const dayMs = 86_400_000;
/** A conversation takes messages for 30 days; a clock may be wrong by a day. */
const longestMs = (limits.conversationDays + 1) * dayMs;

/** Rows that are read from the newest on: at first, in a further step, and for one page in all. */
const firstRows = 2_000;
const stepRows = 10_000;
const maxRows = 60_000;
/** Months whose words are looked up at once, of a search that finds few in the months before. */
const maxMonthsAtOnce = 4;
/** A filter that leaves so few conversations is looked at first. */
const maxConversations = 300;

/**
 * A page of the messages that have what the text asks for, newest first. It reads a bounded number of rows: of a search that
 * finds little among many messages, a page may be short, and has a cursor to go on.
 * @throws AppError "invalid_request" that says what to write, "invalid_cursor"
 */
export async function search(db: Db, asked: Asked): Promise<SearchPage> {
  const { websiteId, cursor } = asked;
  const wanted = readQuery(asked.text, asked.timeZone);
  const before = cursor === null ? null : readCursor(cursor);
  const [{ filters, authors }, months, state] = await Promise.all([
    resolveNames(db, asked, wanted),
    listSearchMonths(db),
    getSearchState(db),
  ]);
  const words = queryOf(websiteId, wanted.phrases, authors);
  const conversationIds = await listFiltered(db, { websiteId, filters, limit: maxConversations });
  const found = await findNewest(db, { websiteId, words, filters, conversationIds, before, wanted, months });
  const [results, people] = await Promise.all([
    readResults(db, websiteId, found.places, wanted),
    cursor === null && isPlain(wanted) ? findPeople(db, websiteId, wanted) : [],
  ]);
  const until = found.next === null ? null : new Date(found.next.at / 1000).toISOString();
  return {
    results,
    people,
    nextCursor: found.next && writeCursor(found.next),
    searchedUntil: until,
    isIndexing: state.months > 0,
  };
}

type Search = {
  websiteId: number;
  words: string | null;
  filters: Filters;
  conversationIds: string[] | null;
  before: Place | null;
  wanted: Pick<Wanted, "before" | "after">;
  months: string[];
};

/** @returns the places of a page, and where the next one begins */
async function findNewest(db: Db, p: Search): Promise<{ places: Place[]; next: Place | null }> {
  let places: Place[] = [];
  let reached: Place | null = null;
  let rowsLeft = maxRows;
  const months = p.months.filter(month => canHave(month, p));
  const byWords = lookUpAhead(months, month => findByWords(db, { ...p, month }));
  for (const [nth, month] of months.entries()) {
    const ends = endOf(month) + longestMs;
    // What this month and those before it have is older than all that is found already, or than what was looked through.
    const last: Place | undefined = places[pageSize];
    if ((last && last.at / 1000 > ends) || (reached && reached.at / 1000 > ends)) break;
    const isNewest = rowsLeft === maxRows && places.length === 0;
    const part = await findIn(db, { ...p, month, rowsLeft, isNewest, byWords: () => byWords(nth) });
    places = [...places, ...part.places].sort(newestFirst).slice(0, pageSize + 1);
    rowsLeft -= part.rows;
    if (part.reached && (!reached || newestFirst(part.reached, reached) < 0)) reached = part.reached;
  }
  const end = reached;
  const sure = end ? places.filter(place => newestFirst(place, end) <= 0) : places;
  if (sure.length > pageSize) return { places: sure.slice(0, pageSize), next: sure[pageSize - 1]! };
  return { places: sure, next: end };
}

/** Whether messages of a month's conversations can be in the page that is asked for. */
function canHave(month: string, { before, wanted }: Search): boolean {
  const until = Math.min(before ? before.at / 1000 : Infinity, wanted.before?.getTime() ?? Infinity);
  const begins = Date.parse(`${month}-01T00:00:00Z`) - dayMs;
  return begins <= until && (wanted.after === null || endOf(month) + longestMs >= wanted.after.getTime());
}

/**
 * Looks months up by their place in the list, newest first. Who asks for one after the newest will ask for the next ones too:
 * their lookups begin at the same time, twice as many each time.
 */
function lookUpAhead<Found>(
  months: string[],
  lookUp: (month: string) => Promise<Found>,
): (nth: number) => Promise<Found> {
  const begun = new Map<string, Promise<Found>>();
  return nth => {
    const month = months[nth]!;
    const atOnce = Math.min(Math.max(nth, 1), maxMonthsAtOnce);
    for (const next of begun.has(month) ? [] : months.slice(nth, nth + atOnce)) {
      const found = lookUp(next);
      found.catch(() => {}); // nobody may ask for it
      begun.set(next, found);
    }
    return begun.get(month)!;
  };
}

type Part = {
  places: Place[];
  rows: number;
  /** what is older was not looked at; null: the whole month was */
  reached: Place | null;
};

type OfMonth = Search & { month: string };

const inMonthOf = ({ month, websiteId, words, filters, before, wanted }: OfMonth) => ({
  ...{ websiteId, table: tableOfMonth(month), words, filters, before },
  ...{ from: wanted.after, until: wanted.before, limit: pageSize + 1 },
});

/** @returns null if the month has too many messages with the words, or no words are asked for */
async function findByWords(db: Db, p: OfMonth): Promise<Place[] | null> {
  return p.words === null ? null : findInMonth(db, { ...inMonthOf(p), words: p.words });
}

async function findIn(
  db: Db,
  p: OfMonth & { rowsLeft: number; isNewest: boolean; byWords: () => Promise<Place[] | null> },
): Promise<Part> {
  const { month, before, conversationIds, byWords } = p;
  const inMonth = inMonthOf(p);
  const { limit } = inMonth;
  if (conversationIds) {
    const own = conversationIds.filter(id => monthOf(id) === month);
    const places = own.length > 0 ? await findInConversations(db, { ...inMonth, conversationIds: own }) : [];
    return { places, rows: 0, reached: null };
  }
  const known = p.isNewest ? null : await byWords();
  if (known) return { places: known, rows: 0, reached: null };

  // In the newest month a look at the last messages is cheap, and enough for a word that many have.
  let step = Math.min(firstRows, Math.max(p.rowsLeft, 1));
  const places: Place[] = [];
  let last = before;
  let rows = 0;
  for (;;) {
    const walked = await walkMonth(db, { ...inMonth, before: last, rows: step });
    places.push(...walked.hits);
    rows += walked.rows;
    if (places.length >= limit || walked.rows < step) return { places, rows, reached: null };
    last = walked.last;
    const found = rows === walked.rows && p.isNewest ? await byWords() : null;
    if (found) return { places: found, rows, reached: null };
    if (rows >= p.rowsLeft) return { places, rows, reached: last };
    step = stepRows;
  }
}

/** Reads the messages once more: the index is behind by moments, and knows less than the text itself. */
async function readResults(db: Db, websiteId: number, places: Place[], { phrases }: Wanted): Promise<SearchResult[]> {
  const byMonth = Map.groupBy(places, ({ conversationId }) => partitionOf(conversationId)).values();
  const rows = await Promise.all([...byMonth].map(group => readFound(db, { websiteId, places: group })));
  const byKey = new Map(rows.flat().map(row => [`${row.conversationId} ${row.seq}`, row]));
  return places.flatMap(({ conversationId, seq }) => {
    const row = byKey.get(`${conversationId} ${seq}`);
    const matches = row && findPhrases(row.body, phrases);
    return matches ? [resultOf(row, matches)] : [];
  });
}

function resultOf(row: FoundMessage, matches: Range[]): SearchResult {
  const { body, visitorId, visitorName, visitorEmail, createdAt, ...rest } = row;
  const { text, marks } = excerptOf(body, matches);
  const visitor = { id: visitorId, name: visitorName, email: visitorEmail };
  return { ...rest, createdAt: createdAt.toISOString(), excerpt: text, marks, visitor };
}

async function findPeople(db: Db, websiteId: number, { phrases }: Wanted): Promise<FoundPerson[]> {
  const words = queryOf(websiteId, phrases);
  if (words === null) return [];
  const visitors = await listVisitors(db, { websiteId, words, limit: maxPeople });
  const known = visitors.filter(({ name, email, externalId }) =>
    findPhrases([name, email, externalId].filter(Boolean).join("\n"), phrases),
  );
  if (known.length === 0) return [];
  const visitorIds = known.map(({ visitorId }) => visitorId);
  const newest = await listNewestConversations(db, { websiteId, visitorIds });
  const byVisitor = new Map(newest.map(row => [row.visitorId, row]));
  return known.flatMap(({ visitorId, name, email }) => {
    const row = byVisitor.get(visitorId);
    if (!row) return [];
    const { conversationId, lastMessageAt } = row;
    return [{ visitorId, name, email, conversationId, lastMessageAt: lastMessageAt.toISOString() }];
  });
}

/** Words alone: they may be somebody's name too. */
const isPlain = ({ from, tags, assignee, status, before, after }: Wanted) =>
  from.length + tags.length === 0 && [assignee, status, before, after].every(each => each === null);

function endOf(month: string): number {
  const [year, index] = month.split("-").map(Number) as [number, number];
  return Date.UTC(year, index);
}

/** Negative if a is newer. */
function newestFirst(a: Place, b: Place): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.conversationId !== b.conversationId) return a.conversationId < b.conversationId ? 1 : -1;
  return b.seq - a.seq;
}
