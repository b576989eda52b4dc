import type { Db } from "#database/connect.ts";
import { defineQuery } from "#database/query-plans/define-query.ts";
import { sql } from "#database/sql.ts";
import { byThreshold, type Check, type Finding, inTime, perRun, plural, type Source, unknown } from "./check.ts";

/** The text of statements is never read: people's words may be in it. */
type Session = {
  pid: number;
  program: string;
  state: string;
  transactionSeconds: number;
  stateSeconds: number;
  /** sessions that it waits for */
  blockedBy: number[];
};

export const isStatistician = defineQuery(
  { name: "the right to see all sessions", indexes: [], sample: () => [] },
  async (db: Db): Promise<boolean> => {
    const [row] = await sql<{ may: boolean }>`
      select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as may`.rows(db);
    return row!.may;
  },
);

export const listSessions = defineQuery(
  { name: "sessions with a transaction", indexes: [], sample: () => [new Date()] },
  (db: Db, now: Date): Promise<Session[]> =>
    sql<Session>`
      select pid, coalesce(nullif(application_name, ''), backend_type) as program, state,
        extract(epoch from ${now}::timestamptz - xact_start)::float as "transactionSeconds",
        extract(epoch from ${now}::timestamptz - state_change)::float as "stateSeconds",
        case when wait_event_type = 'Lock' then pg_blocking_pids(pid) else '{}' end as "blockedBy"
      from pg_stat_activity
      where datname = current_database()
        and backend_type = 'client backend'
        and pid <> pg_backend_pid()
        and xact_start is not null
        and state is not null -- it is null while a session connects, which is a transaction too
      order by xact_start`.rows(db),
);

type Snapshot = { kind: string; holder: string; age: number; seconds: number | null };

/** The session, replica, slot or prepared transaction whose snapshot keeps vacuum from removing dead rows. */
export const findOldestSnapshot = defineQuery(
  { name: "the oldest snapshot", indexes: [], sample: () => [new Date()] },
  async (db: Db, now: Date): Promise<Snapshot | null> => {
    const [row] = await sql<Snapshot>`
      select kind, holder, age::float as age, extract(epoch from ${now}::timestamptz - since)::float as seconds
      from (
        select 'session' as kind, application_name || ', process ' || pid as holder, age(backend_xmin) as age,
          coalesce(xact_start, query_start) as since
        from pg_stat_activity
        where backend_xmin is not null
          and backend_type not in ('walsender', 'autovacuum worker')
          and pid <> pg_backend_pid()
        union all
        select 'replica', application_name, age(backend_xmin), null
        from pg_stat_replication
        where backend_xmin is not null
        union all
        select 'slot', slot_name, greatest(age(xmin), age(catalog_xmin)), null
        from pg_replication_slots
        where xmin is not null or catalog_xmin is not null
        union all
        select 'prepared transaction', gid, age(transaction), prepared
        from pg_prepared_xacts
      ) as held
      order by age desc, since nulls last
      limit 1`.rows(db);
    return row ?? null;
  },
);

type Used = { used: number; max: number };

export const countConnections = defineQuery(
  { name: "connections that are used", indexes: [], sample: () => [] },
  async (db: Db): Promise<Used> => {
    const [row] = await sql<Used>`
      select count(*)::integer as used,
        current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as max
      from pg_stat_activity
      where datid is not null
        and usesysid is not null`.rows(db);
    return row!;
  },
);

const sessions = perRun(async ({ db, now }) => ((await isStatistician(db)) ? listSessions(db, now) : null));

const about = "database";
const noRights = () =>
  unknown(
    "This role sees its own sessions only.",
    "As a superuser run: grant pg_read_all_stats to the role of DATABASE_URL;",
  );

export const sessionChecks: Check[] = [
  {
    ...{ id: "locks", title: "Waiting for a lock", about, unit: "count", healthy: "0 for more than 5 seconds" },
    metric: "prochat_lock_waits",
    look: source => withSessions(source, findLocks),
  },
  {
    ...{ id: "long-transactions", title: "Longest transaction", about, unit: "seconds", healthy: "below 5 minutes" },
    metric: "prochat_longest_transaction_seconds",
    look: source =>
      withSessions(source, all => {
        const active = all.filter(({ state }) => !state.startsWith("idle"));
        return findLongest(active, "transactionSeconds", "has worked in one transaction", { warn: 300, error: 3600 });
      }),
  },
  {
    ...{
      id: "idle-transactions",
      title: "Longest idle transaction",
      about,
      unit: "seconds",
      healthy: "below 1 minute",
    },
    metric: "prochat_longest_idle_transaction_seconds",
    look: source =>
      withSessions(source, all => {
        const idle = all.filter(({ state }) => state.startsWith("idle in transaction"));
        return findLongest(idle, "stateSeconds", "has left a transaction open", { warn: 60, error: 600 });
      }),
  },
  {
    ...{ id: "oldest-snapshot", title: "Oldest snapshot", about, unit: "transactions", healthy: "no old one" },
    metric: "prochat_oldest_snapshot_transactions",
    look: source => withSessions(source, () => findSnapshot(source)),
  },
  {
    ...{ id: "connections", title: "Connections to PostgreSQL", about, unit: "percent", healthy: "below 80%" },
    metric: "prochat_connections_used_ratio",
    async look({ db }) {
      const { used, max } = await countConnections(db);
      const value = (used / max) * 100;
      const level = byThreshold(value, { warn: 80, error: 95 });
      return {
        level,
        value,
        why: `${used} of ${max} connections are used. Without a free one, the next program is refused.`,
        fix:
          level === "ok"
            ? null
            : `Close other programs, or run: alter system set max_connections = ${max * 2}; then restart PostgreSQL.`,
      };
    },
  },
];

async function withSessions(source: Source, find: (all: Session[]) => Promise<Finding> | Finding): Promise<Finding> {
  const all = await sessions(source);
  return all ? find(all) : noRights();
}

const nameOf = ({ pid, program }: Session) => `${program} (process ${pid})`;
const endOf = ({ pid }: Session) => `If it is not needed, end it: select pg_terminate_backend(${pid});`;

function findLongest(
  candidates: Session[],
  field: "transactionSeconds" | "stateSeconds",
  does: string,
  limits: { warn: number; error: number },
): Finding {
  const [longest, ...others] = candidates.toSorted((a, b) => b[field] - a[field]);
  const value = Math.max(0, longest?.[field] ?? 0);
  const level = byThreshold(value, limits);
  if (!longest || level === "ok") return { level: "ok", value, why: "No transaction is old." };
  return {
    level,
    value,
    why: `${nameOf(longest)} ${does} for ${inTime(value)}. Vacuum and changes of the schema wait for it.`,
    fix: endOf(longest),
    facts: others.slice(0, 10).map(each => `${nameOf(each)}: ${inTime(each[field])}`),
  };
}

/** A wait of some milliseconds is normal. */
const minWaitSeconds = 5;

function findLocks(all: Session[]): Finding {
  const waiting = all.filter(({ blockedBy, stateSeconds }) => blockedBy.length > 0 && stateSeconds > minWaitSeconds);
  const value = waiting.length;
  if (value === 0) return { level: "ok", value, why: "Nothing waits for a lock." };
  const blocked = new Set(all.filter(({ blockedBy }) => blockedBy.length > 0).map(({ pid }) => pid));
  const roots = [...new Set(waiting.flatMap(({ blockedBy }) => blockedBy))].filter(pid => !blocked.has(pid));
  const root = all.find(({ pid }) => pid === roots[0]);
  const longest = Math.max(...waiting.map(({ stateSeconds }) => stateSeconds));
  return {
    level: value >= 5 || longest > 60 ? "error" : "warn",
    value,
    why: `${plural(value, "session")} ${value === 1 ? "waits" : "wait"} up to ${inTime(longest)} for ${root ? nameOf(root) : `process ${roots[0] ?? "?"}`}.`,
    fix: root ? endOf(root) : null,
    facts: waiting.map(
      each => `${nameOf(each)} waits for process ${each.blockedBy.join(", ")}, ${inTime(each.stateSeconds)}`,
    ),
  };
}

const kinds: Record<string, (holder: string) => string> = {
  session: () => "End that session if it is not needed: see “Longest transaction”.",
  replica: () => "Set hot_standby_feedback = off on the replica, or end its long query.",
  slot: holder => `If nothing uses the slot, run: select pg_drop_replication_slot('${holder}');`,
  "prepared transaction": holder => `Decide about it: commit prepared '${holder}'; or rollback prepared '${holder}';`,
};

async function findSnapshot({ db, now }: Source): Promise<Finding> {
  const snapshot = await findOldestSnapshot(db, now);
  if (!snapshot) return { level: "ok", value: 0, why: "Nothing keeps vacuum from removing dead rows." };
  const { kind, holder, age, seconds } = snapshot;
  const isSlow = kind === "slot" || kind === "replica";
  const level = isSlow
    ? byThreshold(age, { warn: 1_000_000, error: 20_000_000 })
    : byThreshold(seconds ?? 0, { warn: 300, error: 3600 });
  return {
    level,
    value: age,
    why: `The ${kind} ${holder} holds a snapshot${seconds ? ` of ${inTime(seconds)}` : ""}, ${plural(age, "transaction")} old: vacuum keeps all rows that died since.`,
    fix: level === "ok" ? null : kinds[kind]!(holder),
  };
}
