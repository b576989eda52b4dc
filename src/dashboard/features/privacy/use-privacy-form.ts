import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { bySchema, changedFields } from "#dashboard/ui/form.ts";
import { type Website, WebsiteChange, type WebsiteSettings } from "#protocol/websites.ts";

type Values = Pick<WebsiteSettings, "privacyNotice" | "privacyLink" | "isNoticeRequired" | "keepsPageQuery">;

export type PrivacyFormOf = ReturnType<typeof usePrivacyForm>["form"];

/** The settings about privacy as a form, and how they are saved. */
export function usePrivacyForm(website: Website) {
  const queries = useQueryClient();
  const form = useForm<Values>({ initialValues: valuesOf(website), validate: toErrors });
  const save = useMutation({
    mutationFn: (values: Values) =>
      api<Website>("PATCH", `/websites/${website.id}`, { settings: changedFields(form.getInitialValues(), values) }),
    onSuccess(saved) {
      queries.setQueryData(
        meOptions.queryKey,
        me => me && { ...me, websites: me.websites.map(row => (row.id === saved.id ? saved : row)) },
      );
      form.setInitialValues(valuesOf(saved));
      form.reset();
      notifications.show({ message: "The settings are saved. Your pages show them within five minutes." });
    },
  });
  return { form, save };
}

const valuesOf = ({ settings }: Website): Values => ({
  privacyNotice: settings.privacyNotice,
  privacyLink: settings.privacyLink,
  isNoticeRequired: settings.isNoticeRequired,
  keepsPageQuery: settings.keepsPageQuery,
});

const validate = bySchema(WebsiteChange, {
  "settings.privacyNotice": "The notice",
  "settings.privacyLink": "The link",
});

function toErrors(settings: Values) {
  const errors = validate({ settings });
  return { privacyNotice: errors["settings.privacyNotice"], privacyLink: errors["settings.privacyLink"] };
}
