import { Button, Group, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { CannedReplyCreate } from "#protocol/canned-replies.ts";
import { limits } from "#protocol/limits.ts";

type Props = {
  initial: CannedReplyCreate;
  /** may choose who sees it */
  canShare: boolean;
  submit: string;
  /** why the server refused it */
  refusal: string | null;
  isPending: boolean;
  onSubmit: (reply: CannedReplyCreate) => void;
  onCancel?: () => void;
};

const validate = bySchema(CannedReplyCreate, { shortcut: "The shortcut", body: "The text" });

const audiences = [
  { value: "all", label: "For all agents" },
  { value: "own", label: "Only for me" },
];

export function ReplyForm({ initial, canShare, submit, refusal, isPending, onSubmit, onCancel }: Props) {
  const form = useForm<CannedReplyCreate>({ initialValues: initial, validate });
  return (
    <form onSubmit={form.onSubmit(onSubmit, toFirstError(form))} noValidate>
      <Stack gap={16} maw={560}>
        <TextInput
          label="Shortcut"
          leftSection="/"
          placeholder="refund"
          maxLength={40}
          maw={320}
          autoComplete="off"
          autoCapitalize="off"
          data-autofocus={onCancel ? true : undefined}
          {...form.getInputProps("shortcut")}
        />
        <Textarea
          label="Text"
          placeholder="Hello {visitor.name|there}, we have sent your money back."
          autosize
          minRows={3}
          maxRows={12}
          maxLength={limits.messageLength}
          {...form.getInputProps("body")}
        />
        {canShare && !onCancel && (
          <SegmentedControl
            aria-label="Who sees it"
            data={audiences}
            value={form.values.isOwn ? "own" : "all"}
            onChange={value => form.setFieldValue("isOwn", value === "own")}
          />
        )}
        <FormError message={refusal} />
        <Group gap={8}>
          <Button type="submit" loading={isPending}>
            {submit}
          </Button>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
