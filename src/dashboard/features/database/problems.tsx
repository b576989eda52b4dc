import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import type { HealthCheck } from "#protocol/health.ts";
import classes from "./database.module.css";
import { useMend } from "./health.ts";
import { Level } from "./level.tsx";
import { fixes } from "./words.ts";

type Props = { websiteId: number; checks: HealthCheck[] };

/** What is to be done, the worst first; nothing if all is well. */
export function Problems({ websiteId, checks }: Props) {
  const found = [...checks.filter(({ level }) => level === "error"), ...checks.filter(({ level }) => level === "warn")];
  if (found.length === 0) return null;
  return (
    <Section title="What to do">
      <ul className={classes.problems}>
        {found.map(check => (
          <Problem key={check.id} websiteId={websiteId} check={check} />
        ))}
      </ul>
    </Section>
  );
}

function Problem({ websiteId, check }: { websiteId: number; check: HealthCheck }) {
  const mend = useMend(websiteId);
  const button = fixes[check.id];
  const press = () =>
    mend.mutate(button!.fix, {
      onSuccess: () => notifications.show({ message: "The server works on it. This page shows when it is done." }),
      onError: error => notifications.show({ color: "red", message: explain(error) }),
    });
  return (
    <li className={classes.problem} data-level={check.level}>
      <div className={classes.heading}>
        <Level level={check.level} withName />
        <h3 className={classes.title}>{check.title}</h3>
        <span className={classes.dimmed}>
          since <Ago moment={check.since} />
        </span>
      </div>
      <p>{check.why}</p>
      {check.fix && <p className={classes.fix}>{check.fix}</p>}
      {check.facts.length > 0 && <pre className={classes.lines}>{check.facts.join("\n")}</pre>}
      {button && (
        <Button onClick={press} loading={mend.isPending} className={classes.button}>
          {button.label}
        </Button>
      )}
    </li>
  );
}
