import { Skeleton } from "@mantine/core";
import classes from "./loading-conversation.module.css";

const widths = ["45%", "60%", "30%", "50%", "40%"];

export const LoadingMessages = () => (
  <div className={classes.messages} role="status" aria-label="Loading the messages">
    {widths.map((width, index) => (
      <Skeleton key={width} height={40} radius="lg" width={width} ml={index % 2 ? "auto" : 0} />
    ))}
  </div>
);

export const LoadingConversation = () => (
  <div className={classes.root}>
    <div className={classes.header}>
      <Skeleton height={16} width={160} />
      <Skeleton height={12} width={96} />
    </div>
    <LoadingMessages />
  </div>
);
