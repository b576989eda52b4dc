import { Button, Group, NumberInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { explain } from "#dashboard/data/api.ts";
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

export function PeriodsForm({ websiteId, periods }: { websiteId: number; periods: Periods }) {
  const form = useForm<Periods>({ initialValues: periods, validate });
  const change = useChangePeriods(websiteId);
  const save = (values: Periods) =>
    change.mutate(values, {
      onSuccess() {
        form.resetDirty(values);
        notifications.show({ message: "Saved. What is shorter now counts from the night after next." });
      },
    });
  const days = {
    min: limits.conversationDays,
    max: limits.retentionDaysMax,
    suffix: " days",
    clampBehavior: "none",
  } as const;
  return (
    <form onSubmit={form.onSubmit(save, toFirstError(form))}>
      <Group align="flex-start" gap={16}>
        <NumberInput label="Archive after" w={160} {...days} {...form.getInputProps("archiveAfterDays")} />
        <NumberInput label="Delete after" w={160} {...days} {...form.getInputProps("deleteAfterDays")} />
      </Group>
      <FormError message={change.error && explain(change.error)} />
      <Button type="submit" mt={16} disabled={!form.isDirty()} loading={change.isPending}>
        Save
      </Button>
    </form>
  );
}
