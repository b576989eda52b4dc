import { connect } from "#database/connect.ts";
import { silent } from "#lab/programs/log.ts";
import type { Log } from "#platform/log.ts";
import type { Storage } from "#platform/storage/storage.ts";
import { type RetentionReport, runRetention } from "#server/features/retention/run.ts";

const dayMs = 86_400_000;

type Given = { url: string; storage: Storage; log?: Log };

/** Runs the retention as the nightly job does, so many days from today. */
export async function runOnDay(day: number, { url, storage, log = silent }: Given): Promise<RetentionReport> {
  const connection = connect({ url, poolSize: 2, onError: () => undefined });
  try {
    const now = new Date(Date.now() + day * dayMs);
    const signal = new AbortController().signal;
    return await runRetention({ url, db: connection.db, storage, log, signal, by: "test", now });
  } finally {
    await connection.close();
  }
}
