import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { explain } from "#dashboard/data/api.ts";
import { StateMessage } from "./state-message.tsx";

type Props = { what: string; error: unknown; onRetry: () => void };

/** What could not be shown, why, and how to go on. */
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
