import { Button, Fieldset, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isRefusal } from "#client/api.ts";
import { api, explain } from "#dashboard/data/api.ts";
import { meOptions } from "#dashboard/data/me.ts";
import { readOrigins } from "#dashboard/text/origins.ts";
import { AccountFields } from "#dashboard/ui/account-fields.tsx";
import { bySchema, toFirstError } from "#dashboard/ui/form.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import { FrontPage } from "#dashboard/ui/front-page.tsx";
import { WebsiteFields } from "#dashboard/ui/website-fields.tsx";
import { type Me, SetupRequest } from "#protocol/accounts.ts";
import classes from "./setup-form.module.css";

type Values = {
  code: string;
  owner: { name: string; email: string; password: string };
  website: { name: string; origins: string };
};

const toRequest = ({ code, owner, website }: Values) => ({
  code: code.trim(),
  owner,
  website: { name: website.name, allowedOrigins: readOrigins(website.origins) },
});

const validate = bySchema(SetupRequest, {
  code: "The code",
  "owner.name": "The name",
  "owner.email": "The email address",
  "owner.password": "The password",
  "website.name": "The name",
  "website.allowedOrigins": "The list",
});

/** @param code  from the address that the server printed; null: the form asks for it */
export function SetupForm({ code, onDone }: { code: string | null; onDone: (me: Me) => void }) {
  const queries = useQueryClient();
  const form = useForm<Values>({
    initialValues: {
      code: code ?? "",
      owner: { name: "", email: "", password: "" },
      website: { name: "", origins: "" },
    },
    validate: values => {
      const { "website.allowedOrigins": origins, ...errors } = validate(toRequest(values));
      return { ...errors, ...(origins && { "website.origins": origins }) };
    },
  });
  const [asksForCode, setAsksForCode] = useState(!code);
  const setUp = useMutation({
    mutationFn: (values: Values) => api<Me>("POST", "/setup", toRequest(values)),
    onSuccess(me) {
      queries.setQueryData(meOptions.queryKey, me);
      onDone(me);
    },
    onError(error) {
      if (isRefusal(error) && error.code === "wrong_code") setAsksForCode(true);
    },
  });

  return (
    <FrontPage title="Set up your chat" lead="Your account and your first website. Both can be changed later.">
      <form onSubmit={form.onSubmit(values => setUp.mutate(values), toFirstError(form))} noValidate>
        <Stack gap={32}>
          {asksForCode && (
            <TextInput
              label="Setup code"
              description="The end of the address that the server printed when it started: …/setup?code="
              autoComplete="off"
              required
              {...form.getInputProps("code")}
            />
          )}
          <Fieldset
            variant="unstyled"
            className={classes.fields}
            legend={<strong className={classes.legend}>You, the owner</strong>}
          >
            <AccountFields inputProps={field => form.getInputProps(`owner.${field}`)} />
          </Fieldset>
          <Fieldset
            variant="unstyled"
            className={classes.fields}
            legend={<strong className={classes.legend}>Your website</strong>}
          >
            <WebsiteFields inputProps={field => form.getInputProps(`website.${field}`)} />
          </Fieldset>
          <FormError message={setUp.error && explain(setUp.error)} />
          <Button type="submit" loading={setUp.isPending}>
            Set up
          </Button>
        </Stack>
      </form>
    </FrontPage>
  );
}
