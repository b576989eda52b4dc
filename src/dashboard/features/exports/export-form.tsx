import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { ExportFormat } from "#protocol/exports.ts";
import { useRequestExport } from "./exports.ts";
import { formats } from "./words.ts";

const dayMs = 86_400_000;
const dayOf = (date: Date) => new Intl.DateTimeFormat("sv-SE").format(date);

/** A website's messages of some days: the last 30 at first. Days are those of the reader. */
export function ExportForm({ websiteId }: { websiteId: number }) {
  const [from, setFrom] = useState(dayOf(new Date(Date.now() - 30 * dayMs)));
  const [last, setLast] = useState(dayOf(new Date()));
  const [format, setFormat] = useState<ExportFormat>("csv");
  const request = useRequestExport(websiteId);
  const isTurned = from > last;
  function submit() {
    const until = new Date(`${last}T00:00`);
    until.setDate(until.getDate() + 1); // a day may have 23 or 25 hours
    const scope = {
      kind: "website" as const,
      from: new Date(`${from}T00:00`).toISOString(),
      until: until.toISOString(),
    };
    request.mutate({ scope, format });
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap={16}>
        <Group align="flex-start" gap={16}>
          <TextInput type="date" label="From" required value={from} onChange={({ target }) => setFrom(target.value)} />
          <TextInput
            type="date"
            label="To"
            required
            value={last}
            error={isTurned && "Choose a day after the first one."}
            onChange={({ target }) => setLast(target.value)}
          />
          <Select
            label="Format"
            data={formats}
            value={format}
            allowDeselect={false}
            w={300}
            onChange={value => setFormat(value as ExportFormat)}
          />
        </Group>
        <FormError message={request.error && explain(request.error)} />
        <Group>
          <Button type="submit" loading={request.isPending} disabled={isTurned || !from || !last}>
            Export
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
