import { AppError } from "#protocol/errors.ts";

/** For a conversation whose month has no table any more. Never "it has no messages": they were there. */
export const monthGone = (month: string, cause?: unknown) =>
  new AppError(
    "month_gone",
    `The messages of ${month} are not in this database any more. Retention deletes old months after it has exported them: ` +
      "prochat partitions shows when, and where the export is.",
    { cause },
  );
