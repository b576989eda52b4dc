import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { explain } from "#dashboard/data/api.ts";
import { FormError } from "#dashboard/ui/form-error.tsx";
import type { Hold } from "#protocol/holds.ts";
import { useChangeHold } from "./retention.ts";

type Target = Pick<Hold, "targetKind" | "targetId">;

type Props = {
  verb: "place" | "lift";
  websiteId: number;
  /** what can be held: of several one is chosen, the first by default */
  targets: Target[];
  opened: boolean;
  onClose: () => void;
};

const words = {
  place: {
    title: "Place a legal hold",
    text: "Nothing deletes it until the hold is lifted: neither a person, nor the trash, nor the retention.",
    button: "Place hold",
  },
  lift: {
    title: "Lift the legal hold",
    text: "What is due for deletion goes with the next run of the retention.",
    button: "Lift hold",
  },
};

const names = { conversation: "This conversation", visitor: "The visitor, with all conversations" };

/** Asks for the reason, which is in the audit log. */
export function HoldDialog({ verb, websiteId, targets, opened, onClose }: Props) {
  const [reason, setReason] = useState("");
  const [kind, setKind] = useState<string>();
  const change = useChangeHold(websiteId);
  const { targetKind, targetId } = targets.find(target => target.targetKind === kind) ?? targets[0]!;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const asked = verb === "place" ? { verb, targetKind, targetId, reason } : { verb, targetId, reason };
    change.mutate(asked, {
      onSuccess() {
        setReason("");
        onClose();
      },
    });
  };
  const { title, text, button } = words[verb];
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text size="sm">{text}</Text>
          {targets.length > 1 && (
            <Radio.Group label="What is held" value={targetKind} onChange={setKind}>
              <Stack gap={8} mt={4}>
                {targets.map(target => (
                  <Radio key={target.targetKind} value={target.targetKind} label={names[target.targetKind]} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          <TextInput
            label="Reason"
            description="Shown with the hold and in the audit log"
            placeholder="Case 12/2026"
            required
            maxLength={500}
            data-autofocus
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <FormError message={change.error && explain(change.error)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!reason.trim()}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
