import { useDocumentTitle } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Page, Section } from "#dashboard/ui/page.tsx";
import type { HealthReport } from "#protocol/health.ts";
import { CheckTable } from "./check-table.tsx";
import { Problems } from "./problems.tsx";
import { Summary } from "./summary.tsx";

const againMs = 5_000;

/** The page of the database, opened while it is away: without the frame, which needs to know who reads it. */
export default function LastReport({ report }: { report: HealthReport }) {
  const router = useRouter();
  useDocumentTitle("Database · Pro LiveChat");
  useEffect(() => {
    const timer = setInterval(() => router.invalidate(), againMs);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <Page
      title="Database"
      lead="The rest of the dashboard opens when PostgreSQL answers again. This page asks by itself."
    >
      <Summary report={report} away="database" />
      <Problems checks={report.checks} />
      <Section title="All checks" lead="As the server found them last.">
        <CheckTable checks={report.checks} />
      </Section>
    </Page>
  );
}
