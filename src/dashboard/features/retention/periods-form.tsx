import { Alert, Button, Group, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { IconClock } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { countOf } from "#dashboard/text/words.ts";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { limits } from "#protocol/limits.ts";
import { WebsiteChange } from "#protocol/websites.ts";
import { type Periods, useChangePeriods } from "./retention.ts";

const subjects = { "settings.archiveAfterDays": "This", "settings.deleteAfterDays": "This" };

function validate(settings: Periods) {
  const found = bySchema(WebsiteChange, subjects)({ settings });
  const errors = Object.fromEntries(Object.entries(found).map(([path, text]) => [path.replace("settings.", ""), text]));
  if (settings.archiveAfterDays > settings.deleteAfterDays)
    errors.archiveAfterDays ??= "They would be deleted before they are archived.";
  return errors;
}

type Props = {
  websiteId: number;
  periods: Periods;
  /** older conversations, if they wait until somebody confirms that they are deleted; otherwise null */
  due: number | null;
};

export function PeriodsForm({ websiteId, periods, due }: Props) {
  const form = useForm<Periods>({ initialValues: periods, validate });
  const change = useChangePeriods(websiteId);
  const save = (values: Periods) =>
    change.mutate(
      { ...values, isDeletionConfirmed: true },
      {
        onSuccess() {
          form.resetDirty(values);
          notifications.show({
            message:
              due === null
                ? "Saved. What is shorter now counts from the night after next."
                : "Saved. Old conversations are deleted from tonight on.",
          });
        },
      },
    );
  const days = {
    min: limits.conversationDays,
    max: limits.retentionDaysMax,
    suffix: " days",
    clampBehavior: "none",
  } as const;
  return (
    <form onSubmit={form.onSubmit(save, toFirstError(form))}>
      {due !== null && <Unconfirmed due={due} days={periods.deleteAfterDays} />}
      <Group align="flex-start" gap={16}>
        <NumberInput label="Archive after" w={160} {...days} {...form.getInputProps("archiveAfterDays")} />
        <NumberInput label="Delete after" w={160} {...days} {...form.getInputProps("deleteAfterDays")} />
      </Group>
      <FormError message={change.error && explain(change.error)} />
      <Button
        type="submit"
        mt={16}
        disabled={due === null && !form.isDirty()}
        loading={change.isPending}
        color={due === null ? undefined : "red"}
      >
        {due === null ? "Save" : "Save, and begin to delete"}
      </Button>
    </form>
  );
}

/** The website is older than the retention: its owner did not choose these periods. */
const Unconfirmed = ({ due, days }: { due: number; days: number }) => (
  <Alert color="yellow" variant="light" mb={16} icon={<IconClock size={16} />} title="Nothing is deleted yet">
    {due === 0
      ? `No conversation is older than ${days} days yet.`
      : `${countOf(due, "conversation")} ${due === 1 ? "is" : "are"} older than ${days} days.`}{" "}
    Set how long conversations are kept, and save. From then on older ones are deleted at night.
  </Alert>
);
