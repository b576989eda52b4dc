import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./details.module.css";

export const CopyableId = ({ id }: { id: string }) => (
  <span className={classes.id}>
    <code title={id}>{id}</code>
    <CopyButton value={id} timeout={2_000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : "Copy the id"}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label="Copy the id">
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  </span>
);
