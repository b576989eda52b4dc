import type { HealthCheck } from "#protocol/health.ts";
import classes from "./database.module.css";
import { Level } from "./level.tsx";
import { inUnit } from "./words.ts";

/** Every check with its value and healthy range; the sentence and the details are one press deeper. */
export const CheckTable = ({ checks }: { checks: HealthCheck[] }) => (
  <ul className={classes.checks}>
    {checks.map(check => (
      <li key={check.id}>
        <details className={classes.check}>
          <summary>
            <Level level={check.level} />
            <span className={classes.name}>{check.title}</span>
            <span className={classes.value}>{check.value === null ? "" : inUnit(check.value, check.unit)}</span>
            <span className={classes.healthy}>{check.healthy}</span>
          </summary>
          <p>{check.why}</p>
          {check.fix && <p>{check.fix}</p>}
          {check.facts.length > 0 && (
            <ul className={classes.facts}>
              {check.facts.map(fact => (
                <li key={fact}>{fact}</li>
              ))}
            </ul>
          )}
        </details>
      </li>
    ))}
  </ul>
);
