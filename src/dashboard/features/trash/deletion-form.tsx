import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { dateOf } from "#dashboard/text/time.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { limits } from "#protocol/limits.ts";

type Props = {
  /** what goes */
  children: ReactNode;
  /** what is asked besides the reason */
  fields?: ReactNode;
  /** on the button that deletes */
  action: string;
  error: unknown;
  isPending: boolean;
  /** absent: it can be deleted */
  isDisabled?: boolean;
  onDelete: (reason: string) => void;
  onClose: () => void;
};

/** Inside of a dialog: what goes, until when it can come back, and why it is deleted. */
export function DeletionForm({
  children,
  fields,
  action,
  error,
  isPending,
  isDisabled = false,
  onDelete,
  onClose,
}: Props) {
  const [reason, setReason] = useState("");
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        onDelete(reason);
      }}
    >
      <Stack>
        <Text size="sm">
          {children} Until {dateOf(Date.now() + limits.undoDays * 86_400_000)} it can be brought back. Then it is
          deleted for good.
        </Text>
        {fields}
        <TextInput
          label="Reason"
          description="Optional. Admins see it in the trash and in the audit log."
          maxLength={200}
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
        />
        <FormError message={error ? explain(error) : null} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button type="submit" color="red.9" loading={isPending} disabled={isDisabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
