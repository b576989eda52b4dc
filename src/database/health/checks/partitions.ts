import { countMonthsAhead, minMonthsAhead } from "#database/partitions/months.ts";
import { type Check, ok, plural } from "./check.ts";
import { clientOf } from "./indexes.ts";

export const partitionChecks: Check[] = [
  {
    id: "partitions-ahead",
    title: "Months prepared",
    about: "database",
    unit: "months",
    healthy: `${minMonthsAhead} months or more`,
    metric: "prochat_partitions_ahead",
    async look({ db }) {
      const ahead = await countMonthsAhead(clientOf(db));
      const value = Math.max(ahead, 0);
      if (ahead >= minMonthsAhead) return ok(`Partitions exist for the next ${plural(ahead, "month")}.`, { value });
      return {
        level: ahead < 1 ? "error" : "warn",
        value,
        why:
          ahead < 0
            ? "This month has no partition: each first message of a month makes its own, which holds up all messages."
            : `Partitions exist for ${plural(ahead, "month")} ahead: the nightly job does not run.`,
        fix: "Press “Make partitions”, or run: prochat partitions",
      };
    },
  },
];
