import { Skeleton } from "@mantine/core";
import classes from "./inbox-rows.module.css";

export const LoadingRows = () => (
  <div className={classes.scroller} role="status" aria-label="Loading the inbox">
    {Array.from({ length: 8 }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      <LoadingRow key={index} />
    ))}
  </div>
);

export const LoadingRow = () => (
  <div className={classes.loading}>
    <Skeleton height={12} width="45%" />
    <Skeleton height={12} width="80%" />
  </div>
);
