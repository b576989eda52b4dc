import { AppError } from "#protocol/errors.ts";

/**
 * What deletes many wants the count of its dry run repeated: a wrong id or a wrong setting is seen before.
 * @throws AppError "conflict" for another count, or none
 */
export function requireConfirmed(due: number, confirmed: number | undefined, what: string): void {
  if (confirmed === due) return;
  const given = confirmed === undefined ? "" : `, not ${confirmed}`;
  throw new AppError(
    "conflict",
    `This deletes ${due} ${what}${given}. If that is right, repeat it with --confirm ${due}.`,
  );
}
