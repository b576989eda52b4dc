import { Button, Group, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { explain } from "#dashboard/data/api.ts";
import { originsHint } from "#dashboard/text/origins.ts";
import { toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import type { Website } from "#protocol/websites.ts";
import { ColourInput } from "./colour-input.tsx";
import { Contrast } from "./contrast.tsx";
import { Preview } from "./preview.tsx";
import { type WebsiteForm as Form, useWebsiteForm } from "./use-website-form.ts";
import classes from "./website-form.module.css";

export function WebsiteForm({ website }: { website: Website }) {
  const { form, save } = useWebsiteForm(website);
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values), toFirstError(form))} noValidate>
      <Section title="Website">
        <NameAndOrigins form={form} />
      </Section>
      <Section title="Visitors who log in">
        <Switch
          label="Carry the conversation over"
          description="What a visitor wrote before they logged in on your website becomes theirs, on all their devices. Leave it off if several people use one browser."
          {...form.getInputProps("carriesThreadOver", { type: "checkbox" })}
        />
      </Section>
      <Section title="Visitors who wait">
        <Switch
          label="Ask for an e-mail address"
          description="When no agent is online, or none has answered for two minutes. Visitors may decline. Agents see the address, marked as not proven."
          {...form.getInputProps("asksForEmail", { type: "checkbox" })}
        />
        <Switch
          mt={16}
          label="Send answers by e-mail"
          description="Those that a visitor has not read in the chat for five minutes, if their address is known, and if the server sends mail."
          {...form.getInputProps("mailsMissedAnswers", { type: "checkbox" })}
        />
      </Section>
      <Section title="Colour and texts">
        <div className={classes.look}>
          <ColourAndTexts form={form} />
          <Preview {...form.values} />
        </div>
        <Stack gap={12} mt={24} maw={560}>
          <FormError message={save.error && explain(save.error)} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save settings
            </Button>
            {form.isDirty() && <Unsaved onDiscard={form.reset} />}
          </Group>
        </Stack>
      </Section>
    </form>
  );
}

const NameAndOrigins = ({ form }: { form: Form }) => (
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
);

const ColourAndTexts = ({ form }: { form: Form }) => (
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
      description="The first message that a visitor sees"
      maxLength={200}
      {...form.getInputProps("greeting")}
    />
    <TextInput
      label="Reply time"
      description="When visitors can expect an answer"
      maxLength={100}
      {...form.getInputProps("replyTime")}
    />
  </Stack>
);

const Unsaved = ({ onDiscard }: { onDiscard: () => void }) => (
  <>
    <Button variant="default" onClick={onDiscard}>
      Discard changes
    </Button>
    <Text size="sm" c="dimmed">
      Not saved yet
    </Text>
  </>
);
