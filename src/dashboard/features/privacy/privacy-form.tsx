import { Anchor, Button, Group, Stack, Switch, Text, Textarea, TextInput, Title } from "@mantine/core";
import { explain } from "#dashboard/data/api.ts";
import { toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { Section } from "#dashboard/ui/page.tsx";
import { privacyStatement } from "#protocol/privacy-statement.ts";
import type { Website } from "#protocol/websites.ts";
import classes from "./privacy-form.module.css";
import { type PrivacyFormOf, usePrivacyForm } from "./use-privacy-form.ts";

/** The notice and what is kept, with the public page as it will be. */
export function PrivacyForm({ website }: { website: Website }) {
  const { form, save } = usePrivacyForm(website);
  return (
    <form onSubmit={form.onSubmit(values => save.mutate(values), toFirstError(form))} noValidate>
      <Section title="Notice" lead="Visitors see it before their first message. It is the first thing in the chat.">
        <div className={classes.columns}>
          <Fields form={form} />
          <Preview website={website} form={form} />
        </div>
        <Stack gap={12} mt={24} maw={560}>
          <FormError message={save.error && explain(save.error)} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save settings
            </Button>
            {form.isDirty() && (
              <Button variant="default" onClick={form.reset}>
                Discard changes
              </Button>
            )}
          </Group>
        </Stack>
      </Section>
    </form>
  );
}

const Fields = ({ form }: { form: PrivacyFormOf }) => (
  <Stack gap={16} flex="1 1 280px" maw={560}>
    <Textarea
      label="Privacy notice"
      description="In your own words. Empty: there is none."
      autosize
      minRows={3}
      maxRows={10}
      maxLength={1000}
      {...form.getInputProps("privacyNotice")}
    />
    <TextInput
      label="Link to your privacy policy"
      placeholder="https://shop.example/privacy"
      maxLength={500}
      spellCheck={false}
      {...form.getInputProps("privacyLink")}
    />
    <Switch
      label="Visitors must accept it"
      description="Until they do nothing is stored in their browser, and the chat does not connect. If the words change, everybody is asked again."
      disabled={form.values.privacyNotice.trim() === ""}
      {...form.getInputProps("isNoticeRequired", { type: "checkbox" })}
    />
    <Switch
      label="Keep the query of page addresses"
      description="What stands behind “?” and “#”. It may name a person, or be a secret such as a link that resets a password."
      {...form.getInputProps("keepsPageQuery", { type: "checkbox" })}
    />
  </Stack>
);

function Preview({ website, form }: { website: Website; form: PrivacyFormOf }) {
  const { privacyNotice, privacyLink } = form.values;
  return (
    <figure className={classes.preview} aria-label="Preview of the public page">
      <Title order={3} size="sm">
        What the chat of {website.name} keeps, and for how long
      </Title>
      {privacyNotice.trim() && (
        <Text size="sm" className={classes.notice} dir="auto">
          {privacyNotice}
        </Text>
      )}
      {privacyLink && (
        <Text size="sm" td="underline">
          Privacy policy
        </Text>
      )}
      {privacyStatement({ ...website.settings, ...form.values }).map(({ heading, lines }) => (
        <div key={heading}>
          <Text size="sm" fw={600}>
            {heading}
          </Text>
          <ul className={classes.lines}>
            {lines.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
      <Anchor href={`/privacy/${website.publicKey}`} target="_blank" rel="noopener" size="sm">
        Open the public page
      </Anchor>
    </figure>
  );
}
