import { Kbd } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { StateMessage } from "#dashboard/ui/state-message.tsx";

export const NothingChosen = () => (
  <StateMessage icon={<IconMessages size={32} stroke={1.5} />} title="Choose a conversation">
    <Kbd>j</Kbd> opens the next one, <Kbd>?</Kbd> lists all shortcuts.
  </StateMessage>
);
