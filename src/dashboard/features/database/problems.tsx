import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Ago } from "#dashboard/ui/ago.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import type { HealthCheck } from "#protocol/health.ts";
import classes from "./database.module.css";
import { Level } from "./level.tsx";
import { usePress } from "./use-press.ts";
import { fixes } from "./words.ts";

/** `websiteId`: absent while nothing can be mended, because the database is away */
type Props = { websiteId?: number; checks: HealthCheck[] };

/** What is to be done, the worst first; nothing if all is well. */
export function Problems({ websiteId, checks }: Props) {
  const found = [...checks.filter(({ level }) => level === "error"), ...checks.filter(({ level }) => level === "warn")];
  if (found.length === 0) return null;
  return (
    <Section title="What to do">
      <ul className={classes.problems}>
        {found.map(check => (
          <Problem key={check.id} check={check}>
            {websiteId !== undefined && <FixButton websiteId={websiteId} checkId={check.id} />}
          </Problem>
        ))}
      </ul>
    </Section>
  );
}

function Problem({ check, children }: { check: HealthCheck; children: ReactNode }) {
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
      {children}
    </li>
  );
}

function FixButton({ websiteId, checkId }: { websiteId: number; checkId: string }) {
  const { press, isPending } = usePress(websiteId);
  const button = fixes[checkId];
  if (!button) return null;
  return (
    <Button onClick={() => press(button.fix)} loading={isPending} className={classes.button}>
      {button.label}
    </Button>
  );
}
