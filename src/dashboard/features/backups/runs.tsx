import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import type { BackupOverview, BackupRun } from "#protocol/backups.ts";
import { isActive, useRequestRun } from "./backups.ts";
import { sizeOf } from "./words.ts";

const names = { backup: "Backup", drill: "Drill" };

/** What runs or waits, how the last ones failed, and the buttons that start one. */
export function Runs({ overview: { isOn, runs } }: { overview: BackupOverview }) {
  const active = runs.filter(isActive).toReversed();
  const failed = (["backup", "drill"] as const).flatMap(kind => {
    const last = runs.find(run => run.kind === kind && run.finishedAt !== null);
    return last && last.outcome !== "succeeded" ? [last] : [];
  });
  return (
    <Stack gap={12}>
      {isOn && (
        <Group gap={8}>
          <Ask kind="backup" runs={active} label="Back up now" />
          <Ask kind="drill" runs={active} label="Drill now" />
        </Group>
      )}
      {active.map(run => (
        <Running key={run.id} run={run} />
      ))}
      {failed.map(run => (
        <Alert
          key={run.id}
          color={run.outcome === "failed" ? "red" : "yellow"}
          title={`The last ${run.kind} ${run.outcome === "failed" ? "failed" : "came to no result"}`}
        >
          <Ago moment={run.finishedAt!} />: {run.detail}
        </Alert>
      ))}
    </Stack>
  );
}

function Ask({ kind, runs, label }: { kind: BackupRun["kind"]; runs: BackupRun[]; label: string }) {
  const request = useRequestRun();
  const onError = (error: unknown) =>
    notifications.show({ color: "red", title: "This was not started", message: explain(error) });
  return (
    <Button
      variant="default"
      loading={request.isPending}
      disabled={runs.some(run => run.kind === kind)}
      onClick={() => request.mutate(kind, { onError })}
    >
      {label}
    </Button>
  );
}

function Running({ run: { kind, startedAt, doneBytes, totalBytes } }: { run: BackupRun }) {
  const share = totalBytes > 0 ? Math.min(100, (doneBytes / totalBytes) * 100) : 0;
  const amount = totalBytes > 0 ? `${sizeOf(doneBytes)} of ${sizeOf(totalBytes)}` : "starting";
  return (
    <div role="status">
      <Text size="sm">
        {names[kind]}: {startedAt ? amount : "waits for its turn"}
      </Text>
      <Progress mt={4} value={startedAt ? Math.max(2, share) : 0} aria-label={`Progress of the ${kind}`} />
    </div>
  );
}
