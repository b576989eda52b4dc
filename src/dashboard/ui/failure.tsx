import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { StateMessage } from "./state-message.tsx";

type Props = { what: string; error: unknown; onRetry: () => void };

/** Shows what could not be loaded and why, with a button to try again. */
export function Failure({ what, error, onRetry }: Props) {
  return (
    <StateMessage
      role="alert"
      icon={<IconAlertTriangle size={32} stroke={1.5} />}
      title={what}
      action={
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {explain(error)}
    </StateMessage>
  );
}
