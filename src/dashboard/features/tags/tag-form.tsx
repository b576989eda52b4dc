import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { TagCreate } from "#protocol/tags.ts";
import { ColourChoice } from "./colour-choice.tsx";

type Props = {
  initial: TagCreate;
  submit: string;
  /** why the server refused it */
  refusal: string | null;
  isPending: boolean;
  onSubmit: (tag: TagCreate) => void;
  onCancel?: () => void;
};

const validate = bySchema(TagCreate, { name: "The name", colour: "The colour" });

export function TagForm({ initial, submit, refusal, isPending, onSubmit, onCancel }: Props) {
  const form = useForm<TagCreate>({ initialValues: initial, validate });
  return (
    <form onSubmit={form.onSubmit(onSubmit, toFirstError(form))} noValidate>
      <Stack gap={16}>
        <TextInput
          label="Name"
          placeholder="Such as “Billing”"
          maxLength={40}
          maw={320}
          autoComplete="off"
          data-autofocus={onCancel ? true : undefined}
          {...form.getInputProps("name")}
        />
        <ColourChoice value={form.values.colour} onChange={colour => form.setFieldValue("colour", colour)} />
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
