import { Stack, Textarea, TextInput } from "@mantine/core";
import { originsHint } from "#dashboard/text/origins.ts";

type Props = { inputProps: (field: "name" | "origins") => object };

export const WebsiteFields = ({ inputProps }: Props) => (
  <Stack gap={16}>
    <TextInput label="Website’s name" description="Visitors see it above the chat" required {...inputProps("name")} />
    <Textarea
      label="Allowed origins"
      description={originsHint}
      placeholder="https://shop.example"
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      required
      {...inputProps("origins")}
    />
  </Stack>
);
