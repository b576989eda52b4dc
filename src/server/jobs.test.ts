import { expect, test } from "vitest";
import { connect } from "#database/connect.ts";
import { cloneDatabase } from "#lab/clusters/databases.ts";
import { keepLog } from "#lab/programs/log.ts";
import { openFolder } from "#platform/storage/folder.ts";
import { startJobs } from "./jobs.ts";

test("jobs that stop neither log nor crash when the database ends right after them", async () => {
  const { log, lines } = keepLog();
  for (let round = 0; round < 5; round++) {
    const database = await cloneDatabase();
    const connection = connect({ url: database.url, poolSize: 1, onError: () => {} });
    const jobs = await startJobs(database.url, connection.db, log as never, {
      storage: openFolder("unused"),
      mail: null,
      auditDays: 365,
      onSessionsEnded: () => {},
      onBroughtBack: () => {},
    });
    await jobs.stop();
    await Promise.all([database.drop(), connection.close()]);
    expect(lines.filter(line => /client|connection/.test(line))).toEqual([]);
  }
});
