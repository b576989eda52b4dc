import { currentContext, inQuery } from "#platform/requests/request-context.ts";

// Each statement names its query in a comment behind its first word, where pg_stat_activity and pg_stat_statements show it;
// pg_stat_statements leaves out what stands before. The comment is constant: the id of a request in it would make another
// prepared statement of each call.

const names = new Set<string>();
const namePattern = /^[a-z][a-zA-Z0-9 ,.'-]{1,79}$/;

/** Of statements without a name: those of programs around the server, and of libraries. */
export const unnamed = "other";

/** Ends and begins of transactions, which belong to no query. */
const ofTransactions = new Map([
  ["begin", "begin"],
  ["start transaction", "begin"],
  ["commit", "commit"],
  ["rollback", "rollback"],
]);

/**
 * Makes a name known. Only known names are counted, so that metrics have few different ones.
 * @throws Error for a name that a comment of SQL or a label of a metric cannot hold
 */
export function registerQueryName(name: string): string {
  if (!namePattern.test(name)) throw new Error(`"${name}" cannot name a query: it must match ${namePattern}`);
  names.add(name);
  return name;
}

/** Names the statements of code that is no defined query. */
export function named<T>(name: string, run: () => T): T {
  return inQuery(registerQueryName(name), run);
}

const texts = new Map<string, Map<string, string>>();

/** More texts of one query are made of values, as in migrations, and not worth keeping. */
const maxTexts = 100;

const firstWord = /^\s*(\(|\w+)/;
const namedStart = /^(\(|\w+) \/\* ([^*]+) \*\//;

/** The statement's text with the name of its query: once for each text, since prepared statements are found by it. */
export function nameStatement(text: string, query: string | null = currentContext().query): string {
  if (query === null || ofTransactions.has(text)) return text;
  let ofQuery = texts.get(query);
  if (!ofQuery) {
    ofQuery = new Map();
    texts.set(query, ofQuery);
  }
  let result = ofQuery.get(text);
  if (result === undefined) {
    result = namedStart.test(text) ? text : text.replace(firstWord, `$1 /* ${query} */`);
    if (ofQuery.size < maxTexts) ofQuery.set(text, result);
  }
  return result;
}

/** The name in a statement's comment, if it is known. */
export function nameIn(text: string): string {
  const name = namedStart.exec(text)?.[2];
  if (name === undefined) return ofTransactions.get(text) ?? unnamed;
  return names.has(name) ? name : unnamed;
}

/** A statement without its name. */
export const withoutName = (text: string): string => text.replace(namedStart, "$1");
