import { Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import classes from "./front-page.module.css";

type Props = { title: string; lead?: ReactNode; children: ReactNode };

/** A page outside of the app, such as signing in: one column, one thing to do. */
export function FrontPage({ title, lead, children }: Props) {
  useDocumentTitle(`${title} · Pro LiveChat`);
  return (
    <main className={classes.root}>
      <div className={classes.column}>
        <p className={classes.brand}>
          <img src="/assets/icon.v1.svg" alt="" width={24} height={24} />
          Pro LiveChat
        </p>
        <Stack gap={4} mb={24}>
          <Title order={1}>{title}</Title>
          {lead && (
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          )}
        </Stack>
        {children}
      </div>
    </main>
  );
}
