import { Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";

/** The visitor's data is kept and not used. */
export const RestrictedMark = () => (
  <Tooltip label="Restricted: agents can read and cannot write" openDelay={400}>
    <IconLock size={16} stroke={1.5} color="var(--mantine-color-dimmed)" role="img" aria-label="Restricted" />
  </Tooltip>
);
