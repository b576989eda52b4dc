import { Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, explain } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { readOrigins } from "#dashboard/text/origins.ts";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { FrontPage } from "#dashboard/ui/front-page.tsx";
import { LinkButton } from "#dashboard/ui/link-button.tsx";
import { WebsiteFields } from "#dashboard/ui/website-fields.tsx";
import type { Website } from "#protocol/websites.ts";
import { WebsiteCreate } from "#protocol/websites.ts";

type Values = { name: string; origins: string };

const toRequest = ({ name, origins }: Values) => ({ name, allowedOrigins: readOrigins(origins) });
const validate = bySchema(WebsiteCreate, { name: "The name", allowedOrigins: "The list" });

export function NewWebsitePage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm<Values>({
    initialValues: { name: "", origins: "" },
    validate: values => {
      const { allowedOrigins, ...errors } = validate(toRequest(values));
      return { ...errors, ...(allowedOrigins && { origins: allowedOrigins }) };
    },
  });
  const create = useMutation({
    mutationFn: (values: Values) => api<Website>("POST", "/websites", toRequest(values)),
    async onSuccess(website) {
      await queries.refetchQueries(meOptions);
      await navigate({ to: "/w/$websiteId/settings", params: { websiteId: website.id }, hash: "snippet" });
    },
  });

  return (
    <FrontPage title="Add a website" lead="It has its own inbox, its own people and its own settings.">
      <form onSubmit={form.onSubmit(values => create.mutate(values), toFirstError(form))} noValidate>
        <Stack gap={24}>
          <WebsiteFields inputProps={field => form.getInputProps(field)} />
          <FormError message={create.error && explain(create.error)} />
          <Group grow>
            <LinkButton to="/" variant="default">
              Cancel
            </LinkButton>
            <Button type="submit" loading={create.isPending}>
              Add website
            </Button>
          </Group>
        </Stack>
      </form>
    </FrontPage>
  );
}
