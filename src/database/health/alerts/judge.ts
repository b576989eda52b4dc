import type { AlertLevel } from "#protocol/alerts.ts";
import { type HealthCheck, type HealthReport, healthLevels } from "#protocol/health.ts";

export type AlertRules = {
  /** runs one after another that must be bad, or an error, before an alert opens or gets worse */
  badRuns: number;
  /** runs one after another that must be well before it is cleared */
  goodRuns: number;
  /** A check changes at most twice in this time: what goes up and down sends two notices, not twenty. */
  quietMs: number;
};

export const alertRules: AlertRules = { badRuns: 2, goodRuns: 3, quietMs: 600_000 };

/** How a check went in its last runs. */
export type AlertState = {
  checkId: string;
  badRuns: number;
  errorRuns: number;
  goodRuns: number;
  badSince: Date | null;
  /** of the last change and of the one before */
  changedAt: Date | null;
  changedBefore: Date | null;
};

export type OpenAlert = { id: string; checkId: string; level: AlertLevel };
/** A check as the server found it that it is worst on. */
export type Observed = { check: HealthCheck; host: string | null };

export type AlertChange =
  | { kind: "open"; observed: Observed; level: AlertLevel; since: Date }
  | { kind: "raise"; alert: OpenAlert; observed: Observed }
  /** observed: null when the check has no meaning here any more, such as those of a Redis that was removed */
  | { kind: "clear"; alert: OpenAlert; observed: Observed | null };

/** Of each check the worst that a server knows. What one of them does not know, another one may. */
export function observe(servers: { host: string; report: HealthReport }[]): Map<string, Observed> {
  const worst = new Map<string, Observed>();
  for (const { host, report } of servers) {
    for (const check of report.checks) {
      const before = worst.get(check.id);
      if (before && rank(before.check) >= rank(check)) continue;
      worst.set(check.id, { check, host: check.about === "server" && servers.length > 1 ? host : null });
    }
  }
  return worst;
}

/** Unknown is the least here: it says nothing. */
const rank = ({ level }: HealthCheck) => (level === "unknown" ? -1 : healthLevels.indexOf(level));

/**
 * Decides which alerts open, get worse and are cleared in this run.
 * An unknown check changes nothing: it is neither well nor bad. Neither does a database that does not answer, which
 * watchAway() sees to.
 */
export function judge(
  observed: Map<string, Observed>,
  { states, open, now, rules }: { states: AlertState[]; open: OpenAlert[]; now: Date; rules: AlertRules },
): { states: AlertState[]; changes: AlertChange[] } {
  const ids = new Set([...observed.keys(), ...open.map(({ checkId }) => checkId)]);
  const changes: AlertChange[] = [];
  const next = [...ids].map(checkId => {
    const seen = observed.get(checkId) ?? null;
    const before = states.find(state => state.checkId === checkId) ?? neverSeen(checkId);
    const state = count(before, seen?.check ?? null, now);
    const alert = open.find(each => each.checkId === checkId) ?? null;
    const change = mayChange(state, now, rules) ? decide(state, seen, alert, rules) : null;
    if (!change) return state;
    changes.push(change);
    return { ...state, changedAt: now, changedBefore: state.changedAt };
  });
  return { states: next, changes };
}

const neverSeen = (checkId: string): AlertState => ({
  ...{ checkId, badRuns: 0, errorRuns: 0, goodRuns: 0 },
  ...{ badSince: null, changedAt: null, changedBefore: null },
});

function count(state: AlertState, check: HealthCheck | null, now: Date): AlertState {
  const level = check?.level ?? "ok";
  if (level === "unknown" || (check?.id === "database" && level === "error")) return state;
  if (level === "ok") return { ...state, badRuns: 0, errorRuns: 0, goodRuns: state.goodRuns + 1, badSince: null };
  const errorRuns = level === "error" ? state.errorRuns + 1 : 0;
  return { ...state, badRuns: state.badRuns + 1, errorRuns, goodRuns: 0, badSince: state.badSince ?? now };
}

const mayChange = ({ changedBefore }: AlertState, now: Date, { quietMs }: AlertRules) =>
  changedBefore === null || now.getTime() - changedBefore.getTime() >= quietMs;

function decide(
  { badRuns, errorRuns, goodRuns, badSince }: AlertState,
  observed: Observed | null,
  alert: OpenAlert | null,
  rules: AlertRules,
): AlertChange | null {
  const isWell = goodRuns >= rules.goodRuns;
  if (alert) {
    if (isWell) return { kind: "clear", alert, observed };
    const isWorse = alert.level === "warn" && errorRuns >= rules.badRuns && isBad(observed);
    return isWorse ? { kind: "raise", alert, observed: observed! } : null;
  }
  if (badRuns < rules.badRuns || !isBad(observed)) return null;
  return { kind: "open", observed: observed!, level: errorRuns >= rules.badRuns ? "error" : "warn", since: badSince! };
}

/** Unknown now, after bad runs: nothing opens from what is not seen. */
const isBad = (observed: Observed | null) => observed?.check.level === "warn" || observed?.check.level === "error";
