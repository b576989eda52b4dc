import { type HealthCheck, healthAreas } from "#protocol/health.ts";
import classes from "./database.module.css";
import { Level } from "./level.tsx";
import { areaNames, inUnit } from "./words.ts";

/** Every check with its value and healthy range; the sentence and the details are one press deeper. */
export const CheckTable = ({ checks }: { checks: HealthCheck[] }) =>
  healthAreas.map(area => (
    <section key={area} aria-label={areaNames[area]} className={classes.area}>
      <h3 className={classes.title}>{areaNames[area]}</h3>
      <ul className={classes.checks}>
        {checks
          .filter(check => check.area === area)
          .map(check => (
            <CheckRow key={check.id} check={check} />
          ))}
      </ul>
    </section>
  ));

const CheckRow = ({ check }: { check: HealthCheck }) => (
  <li>
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
);
