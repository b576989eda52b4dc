import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./page.module.css";

type Props = {
  title: string;
  lead?: ReactNode;
  action?: ReactNode;
  /** beside the page where there is room, else above it */
  nav?: ReactNode;
  children: ReactNode;
};

/** A page of the app that is read from top to bottom. */
export function Page({ title, lead, action, nav, children }: Props) {
  return (
    <main className={classes.root}>
      <div className={classes.column} data-wide={nav ? true : undefined}>
        <header className={classes.header}>
          <div>
            <Title order={1}>{title}</Title>
            {lead && (
              <Text size="sm" c="dimmed" mt={4}>
                {lead}
              </Text>
            )}
          </div>
          {action}
        </header>
        {nav ? (
          <div className={classes.beside}>
            {nav}
            <div>{children}</div>
          </div>
        ) : (
          children
        )}
      </div>
    </main>
  );
}

type SectionProps = { title: string; lead?: ReactNode; children: ReactNode };

export function Section({ title, lead, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <Title order={2}>{title}</Title>
      {lead && (
        <Text size="sm" c="dimmed" maw={560}>
          {lead}
        </Text>
      )}
      <div className={classes.body}>{children}</div>
    </section>
  );
}
