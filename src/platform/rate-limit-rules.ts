export type RateLimit = { points: number; duration: number };

/**
 * Points in a duration (seconds), by key. A person stays far below, and an office of 200 people behind one address too.
 * LIMITS changes them; docs/configuration.md describes each one.
 */
export const rules = {
  /** wrong passwords, by account and address; of a browser that the account knows, by browser */
  signIn: { points: 10, duration: 15 * 60 },
  /** wrong passwords, by address: guessing accounts */
  signInFrom: { points: 100, duration: 15 * 60 },
  /** wrong passwords, by account, from all browsers that it does not know: guessing from many addresses */
  signInTo: { points: 20, duration: 60 },
  /** wrong set-up codes and invitations, by address */
  code: { points: 20, duration: 15 * 60 },
  /** widget sessions, by website and address */
  session: { points: 600, duration: 60 },
  /** messages, edits and deletions, by visitor */
  visitorSend: { points: 20, duration: 10 },
  /** the same of all visitors together, by website and address */
  visitorsSend: { points: 400, duration: 10 },
  /** all else, such as pages of messages, read marks and typing, by visitor */
  visitorOther: { points: 150, duration: 10 },
  /** the same of all visitors together, by website and address */
  visitorsOther: { points: 3_000, duration: 10 },
  /** downloads of all that is kept of a visitor, by visitor or agent */
  download: { points: 20, duration: 60 * 60 },
  /** searches, by agent */
  search: { points: 60, duration: 10 },
  /** messages, edits and deletions, by agent */
  agentSend: { points: 100, duration: 10 },
  /** all else, by agent */
  agentOther: { points: 1_000, duration: 10 },
} as const satisfies Record<string, RateLimit>;

export type Rule = keyof typeof rules;

export const ruleNames = Object.keys(rules) as Rule[];

/** Rules of guesses: only what turns out to be a wrong one counts. */
export type GuessRule = "signIn" | "signInFrom" | "signInTo" | "code";

/**
 * Reads LIMITS, such as "session=1000/60 visitorSend=40/10": points and seconds by rule.
 * @returns undefined if it is not of that shape, or names another rule
 */
export function parseLimits(text: string): Partial<Record<Rule, RateLimit>> | undefined {
  const limits: Partial<Record<Rule, RateLimit>> = {};
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, rule, points, duration] = /^(\w+)=([1-9]\d{0,8})\/([1-9]\d{0,4})$/.exec(part) ?? [];
    if (!rule || !ruleNames.includes(rule as Rule)) return undefined;
    limits[rule as Rule] = { points: Number(points), duration: Number(duration) };
  }
  return limits;
}
