import { PasswordInput, Stack, TextInput } from "@mantine/core";

type Field = "name" | "email" | "password";
type Props = { inputProps: (field: Field) => object };

/** The fields of a new account. */
export const AccountFields = ({ inputProps }: Props) => (
  <Stack gap={16}>
    <TextInput label="Your name" description="Visitors see it" autoComplete="name" required {...inputProps("name")} />
    <TextInput label="Email" type="email" autoComplete="username" required {...inputProps("email")} />
    <PasswordInput
      label="Password"
      description="At least 10 characters"
      autoComplete="new-password"
      required
      {...inputProps("password")}
    />
  </Stack>
);
