import { Skeleton } from "@mantine/core";
import classes from "./loading-results.module.css";

const rows = ["88%", "64%", "76%", "52%"];

export const LoadingResults = () => (
  <div className={classes.root} role="status" aria-label="Searching">
    {rows.map(width => (
      <div key={width} className={classes.row}>
        <Skeleton height={16} width={160} />
        <Skeleton height={16} width={width} />
      </div>
    ))}
  </div>
);
