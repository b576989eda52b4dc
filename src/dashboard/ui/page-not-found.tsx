import { Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { StateMessage } from "./state-message.tsx";

export const PageNotFound = () => (
  <StateMessage
    icon={<IconMapPinOff size={32} stroke={1.5} />}
    title="There is nothing at this address"
    action={
      <Button component={Link} to="/" variant="default">
        Go to the inbox
      </Button>
    }
  >
    The address may be mistyped, or what was here has been removed.
  </StateMessage>
);
