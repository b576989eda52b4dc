import { IconMapPinOff } from "@tabler/icons-react";
import { LinkButton } from "./link-button.tsx";
import { StateMessage } from "./state-message.tsx";

export const PageNotFound = () => (
  <StateMessage
    icon={<IconMapPinOff size={32} stroke={1.5} />}
    title="There is nothing at this address"
    action={
      <LinkButton to="/" variant="default">
        Go to the inbox
      </LinkButton>
    }
  >
    The address may be mistyped, or what was here has been removed.
  </StateMessage>
);
