import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, explain } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { originsHint, readOrigins } from "#dashboard/text/origins.ts";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import type { Website } from "#protocol/websites.ts";
import { WebsiteChange } from "#protocol/websites.ts";
import { ColourInput } from "./colour-input.tsx";
import { Contrast } from "./contrast.tsx";
import { Preview } from "./preview.tsx";
import classes from "./website-form.module.css";

type Values = { name: string; origins: string; colour: string; greeting: string; replyTime: string };

const toValues = ({ name, allowedOrigins, settings }: Website): Values => ({
  name,
  origins: allowedOrigins.join("\n"),
  ...settings,
});
const toRequest = ({ name, origins, ...settings }: Values) => ({
  name,
  allowedOrigins: readOrigins(origins),
  settings,
});

const validate = bySchema(WebsiteChange, {
  name: "The name",
  allowedOrigins: "This",
  "settings.colour": "This must be",
  "settings.greeting": "The greeting",
  "settings.replyTime": "The text",
});

export function WebsiteForm({ website }: { website: Website }) {
  const queries = useQueryClient();
  const form = useForm<Values>({
    initialValues: toValues(website),
    validate(values) {
      const errors = validate(toRequest(values));
      return {
        name: errors.name,
        origins: errors.allowedOrigins,
        colour: errors["settings.colour"],
        greeting: errors["settings.greeting"],
        replyTime: errors["settings.replyTime"],
      };
    },
  });
  const save = useMutation({
    mutationFn: (values: Values) => api<Website>("PATCH", `/websites/${website.id}`, toRequest(values)),
    onSuccess(saved) {
      queries.setQueryData(
        meOptions.queryKey,
        me => me && { ...me, websites: me.websites.map(row => (row.id === saved.id ? saved : row)) },
      );
      form.setInitialValues(toValues(saved));
      form.reset();
      notifications.show({ message: "The settings are saved. Pages show them within five minutes." });
    },
  });

  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values), toFirstError(form))} noValidate>
      <Section title="Website">
        <Stack gap={16} maw={560}>
          <TextInput
            label="Name"
            description="Visitors see it above the chat"
            required
            maxLength={100}
            {...form.getInputProps("name")}
          />
          <Textarea
            label="Allowed origins"
            description={originsHint}
            autosize
            minRows={2}
            maxRows={10}
            spellCheck={false}
            required
            {...form.getInputProps("origins")}
          />
        </Stack>
      </Section>
      <Section title="Look and words">
        <div className={classes.look}>
          <Stack gap={16} flex="1 1 280px" maw={560}>
            <div>
              <ColourInput
                value={form.values.colour}
                error={form.errors.colour}
                onChange={colour => form.setFieldValue("colour", colour)}
              />
              <Contrast colour={form.values.colour} />
            </div>
            <TextInput
              label="Greeting"
              description="What a visitor reads first"
              maxLength={200}
              {...form.getInputProps("greeting")}
            />
            <TextInput
              label="Reply time"
              description="When they may expect an answer"
              maxLength={100}
              {...form.getInputProps("replyTime")}
            />
          </Stack>
          <Preview
            name={form.values.name}
            colour={form.values.colour}
            greeting={form.values.greeting}
            replyTime={form.values.replyTime}
          />
        </div>
        <Stack gap={12} mt={24} maw={560}>
          <FormError message={save.error && explain(save.error)} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save settings
            </Button>
            {form.isDirty() && (
              <>
                <Button variant="default" onClick={form.reset}>
                  Discard changes
                </Button>
                <Text size="sm" c="dimmed">
                  Not saved yet
                </Text>
              </>
            )}
          </Group>
        </Stack>
      </Section>
    </form>
  );
}
