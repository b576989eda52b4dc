import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./state-message.module.css";

type Props = { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode; role?: "alert" | "status" };

/** Shown in the place of content: empty, failed or not found. */
export function StateMessage({ icon, title, children, action, role }: Props) {
  return (
    <Stack className={classes.root} align="center" justify="center" gap={8} role={role}>
      {icon && <div className={classes.icon}>{icon}</div>}
      <Title order={2} size="h2">
        {title}
      </Title>
      {children && (
        <Text size="sm" c="dimmed" maw={400}>
          {children}
        </Text>
      )}
      {action && <div className={classes.action}>{action}</div>}
    </Stack>
  );
}
