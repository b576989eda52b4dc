import { type Db, queryIn, type Statement } from "#database/connect.ts";
import { nameOf } from "#database/statements/prepared-name.ts";
import { nameStatement, registerQueryName } from "#database/statements/query-names.ts";
import { inQuery } from "#platform/requests/request-context.ts";
import type { Sample } from "./sample.ts";

/** Shows that a query uses its indexes, however large the database grows. */
export type Proof = {
  name: string;
  /** sends the query's statements for a sample */
  run(db: Db, sample: Sample): unknown;
  /** the indexes it may use of tables that grow; "messages_pkey" stands for that of one month's partition */
  indexes: string[];
  /** pages of 8 kB it may read; absent for jobs, whose work grows with the data */
  buffers: number | undefined;
};

/** A function of the product that sends SQL, with its proofs. */
export type DefinedQuery = ((...args: never[]) => unknown) & Defined;
type Defined = { readonly definition: { name: string; proofs: Proof[]; includesDeleted: IncludesDeleted } };

/** Tables whose deleted rows (memberships: former agents) a query reads or changes too, each with the reason. */
type IncludesDeleted = Partial<Record<"conversations" | "messages" | "visitors" | "memberships" | "websites", string>>;

type Definition<Args extends unknown[]> = {
  /** what it answers or changes, in words; unique. Statements, metrics and the log have it: query-names.ts */
  name: string;
  indexes: string[];
  buffers?: number;
  includesDeleted?: IncludesDeleted;
} & (
  | { sample: SampleArgs<Args> }
  /** one proof each, named after the query and the case; `indexes` are added to the query's, `buffers` replace them */
  | { cases: { name: string; sample: SampleArgs<Args>; indexes?: string[]; buffers?: number }[] }
);

/** The arguments after `db`, made from a sample. */
type SampleArgs<Args extends unknown[]> = (sample: Sample) => [...Args];

/**
 * Defines a query: its proof first, then the function that the product calls.
 *
 *     export const findTag = defineQuery(
 *       { name: "a tag", indexes: ["tags_pkey"], buffers: 6, sample: ({ websiteId }) => [{ websiteId, tagId: 1 }] },
 *       async (db: Db, { websiteId, tagId }: { websiteId: number; tagId: number }): Promise<Tag | null> => …,
 *     );
 *
 * test/integration/plans.test.ts and `prochat verify` try every proof on a filled database.
 */
export const defineQuery = <Query extends (db: Db, ...args: never[]) => unknown>(
  definition: Definition<ArgsOf<Query>>,
  query: Query,
): Query & Defined => {
  const name = registerQueryName(definition.name);
  const run = (db: Db, ...args: ArgsOf<Query>) => inQuery(name, () => query(db, ...args));
  return register(Object.assign(run as Query, { definition: prove(definition, (db, args) => run(db, ...args)) }));
};

type ArgsOf<Query> = Query extends (db: Db, ...args: infer Args) => unknown ? Args : never;

/** As defineQuery, for statements that other code sends, one after the other. */
export const defineStatements = <Args extends unknown[]>(
  definition: Definition<Args>,
  statements: (...args: Args) => Statement[],
): typeof statements & Defined => {
  const query = registerQueryName(definition.name);
  const namedStatements = (...args: Args) =>
    statements(...args).map(({ text, values }) => {
      const named = nameStatement(text, query);
      return { name: nameOf(named), text: named, values };
    });
  async function run(db: Db, args: Args) {
    for (const statement of namedStatements(...args)) await queryIn(db)(statement);
  }
  return register(Object.assign(namedStatements, { definition: prove(definition, run) }));
};

const defined = new Map<string, DefinedQuery>();

function register<Query extends DefinedQuery>(query: Query): Query {
  defined.set(query.definition.name, query);
  return query;
}

/** A query of the modules that are loaded; undefined if none has the name. */
export const findDefinedQuery = (name: string): DefinedQuery | undefined => defined.get(name);

function prove<Args extends unknown[]>(
  { name, indexes, buffers, includesDeleted = {}, ...rest }: Definition<Args>,
  run: (db: Db, args: Args) => unknown,
): Defined["definition"] {
  const proofOf = (name: string, sample: SampleArgs<Args>, more: string[] = [], own = buffers): Proof => ({
    name,
    run: (db, at) => run(db, sample(at)),
    indexes: [...indexes, ...more],
    buffers: own,
  });
  const proofs =
    "sample" in rest
      ? [proofOf(name, rest.sample)]
      : rest.cases.map(each => proofOf(`${name}, ${each.name}`, each.sample, each.indexes, each.buffers));
  return { name, proofs, includesDeleted };
}

/** The queries among what a module exports: `queriesOf(await import("./queries.ts"))`. */
export const queriesOf = (module: object): DefinedQuery[] => Object.values(module).filter(isQuery);

const isQuery = (value: unknown): value is DefinedQuery => typeof value === "function" && "definition" in value;
