import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { AlertOverview } from "#protocol/alerts.ts";
import { useSilence } from "./alerts.ts";

type Props = { websiteId: number; checks: AlertOverview["checks"]; onClose: () => void };

const hourMs = 3_600_000;
const times = [
  { value: String(hourMs), label: "an hour" },
  { value: String(8 * hourMs), label: "8 hours" },
  { value: String(24 * hourMs), label: "a day" },
  { value: String(7 * 24 * hourMs), label: "a week" },
  { value: String(30 * 24 * hourMs), label: "30 days" },
];

/** Asks for how long and why; of one check, or of one that is chosen. */
export function SilenceDialog({ websiteId, checks, onClose }: Props) {
  const [check, setCheck] = useState(checks.length === 1 ? checks[0]!.id : null);
  const [lasts, setLasts] = useState(times[2]!.value);
  const [reason, setReason] = useState("");
  const silence = useSilence(websiteId);
  function submit(event: FormEvent) {
    event.preventDefault();
    const until = new Date(Date.now() + Number(lasts)).toISOString();
    silence.mutate({ check: check!, until, reason }, { onSuccess: onClose });
  }
  return (
    <Modal opened onClose={onClose} title="Silence a check">
      <form onSubmit={submit}>
        <Stack gap={16}>
          {checks.length === 1 ? (
            <Text size="sm">Nothing is sent about “{checks[0]!.title}” for this time.</Text>
          ) : (
            <Select
              label="Check"
              required
              searchable
              data={checks.map(({ id, title }) => ({ value: id, label: title }))}
              value={check}
              onChange={setCheck}
            />
          )}
          <Select
            label="For"
            allowDeselect={false}
            data={times}
            value={lasts}
            onChange={value => setLasts(value ?? lasts)}
          />
          <TextInput
            label="Reason"
            description="Shown here and in the audit log, never in an alert"
            placeholder="A new disk comes on Monday"
            required
            maxLength={500}
            data-autofocus
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <FormError message={silence.error && explain(silence.error)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={silence.isPending} disabled={!check || !reason.trim()}>
              Silence
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
