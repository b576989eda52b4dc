import { Skeleton, Text } from "@mantine/core";
import type { CSSProperties } from "react";
import { explain } from "#dashboard/data/api.ts";
import type { PlanStep } from "#protocol/health.ts";
import { usePlan } from "./health.ts";
import classes from "./queries.module.css";

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** How PostgreSQL runs a query, for any values: the step at the top gives the answer, those below it what it needs. */
export function QueryPlan({ websiteId, name }: { websiteId: number; name: string }) {
  const { data, error } = usePlan(websiteId, name);
  if (!data) return error ? <Text>{explain(error)}</Text> : <Skeleton height={80} aria-label="Loading" />;
  return (
    <div className={classes.plans}>
      {data.statements.map(({ text, plan }) => (
        <div key={text}>
          {plan ? (
            <ul className={classes.steps}>
              {plan.map((step, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a plan does not change
                <Step key={place} step={step} />
              ))}
            </ul>
          ) : (
            <Text c="dimmed">PostgreSQL makes no plan for this statement.</Text>
          )}
          <details className={classes.statement}>
            <summary>The statement</summary>
            <pre>{text}</pre>
          </details>
        </div>
      ))}
    </div>
  );
}

const Step = ({ step }: { step: PlanStep }) => (
  <li style={{ "--depth": step.depth } as CSSProperties}>
    <div>{step.what}</div>
    <div className={classes.details}>
      {[
        ...step.conditions,
        `about ${number.format(step.rows)} ${step.rows === 1 ? "row" : "rows"}`,
        `cost ${number.format(step.cost)}`,
      ].join(" · ")}
    </div>
  </li>
);
