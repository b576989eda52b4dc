import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { readOrigins } from "#dashboard/text/origins.ts";
import { bySchema, changedFields } from "#dashboard/ui/form.ts";
import type { Website, WebsiteSettings } from "#protocol/websites.ts";
import { WebsiteChange } from "#protocol/websites.ts";

type Values = { name: string; origins: string } & WebsiteSettings;

export type WebsiteForm = ReturnType<typeof useWebsiteForm>["form"];

/** The settings of a website as a form, and how they are saved. */
export function useWebsiteForm(website: Website) {
  const queries = useQueryClient();
  const form = useForm<Values>({ initialValues: toValues(website), validate: values => toErrors(toRequest(values)) });
  const save = useMutation({
    mutationFn: (values: Values) =>
      api<Website>("PATCH", `/websites/${website.id}`, toChange(form.getInitialValues(), values)),
    onSuccess(saved) {
      queries.setQueryData(
        meOptions.queryKey,
        me => me && { ...me, websites: me.websites.map(row => (row.id === saved.id ? saved : row)) },
      );
      form.setInitialValues(toValues(saved));
      form.reset();
      notifications.show({ message: "The settings are saved. Your pages show them within five minutes." });
    },
  });
  return { form, save };
}

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

function toChange(initial: Values, values: Values): WebsiteChange {
  const before = toRequest(initial);
  const { settings, ...rest } = toRequest(values);
  return { ...changedFields(before, rest), settings: changedFields(before.settings, settings) };
}

const validate = bySchema(WebsiteChange, {
  name: "The name",
  allowedOrigins: "The list",
  "settings.colour": "This must be",
  "settings.greeting": "The greeting",
  "settings.replyTime": "The text",
});

function toErrors(request: ReturnType<typeof toRequest>) {
  const errors = validate(request);
  return {
    name: errors.name,
    origins: errors.allowedOrigins,
    colour: errors["settings.colour"],
    greeting: errors["settings.greeting"],
    replyTime: errors["settings.replyTime"],
  };
}
