import { checks } from "#database/health/checks/list.ts";
import { AppError } from "#protocol/errors.ts";

const maxDays = 90;

/** The checks that can be silenced; "database" is that PostgreSQL answers. */
export const silenceable = [
  { id: "database", title: "PostgreSQL answers" },
  ...checks.map(({ id, title }) => ({ id, title })),
];

/** @throws AppError "invalid_request" */
export function requireCheck(id: string): void {
  if (silenceable.some(check => check.id === id)) return;
  throw new AppError(
    "invalid_request",
    `"${id}" is no check. They are: ${silenceable.map(each => each.id).join(", ")}.`,
  );
}

/** @throws AppError "invalid_request" for a time that is past, or more than 90 days away: who would remember it? */
export function requireUntil(until: Date, now = Date.now()): void {
  if (until.getTime() <= now) throw new AppError("invalid_request", `${until.toISOString()} is past.`);
  if (until.getTime() > now + maxDays * 86_400_000)
    throw new AppError("invalid_request", `${until.toISOString()} is more than ${maxDays} days away.`);
}
