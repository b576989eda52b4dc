import { Button, CopyButton, Textarea } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import classes from "./copy-field.module.css";

type Props = { label: string; value: string };

/** A text to copy: selected on focus, copied with one press. */
export const CopyField = ({ label, value }: Props) => (
  <div className={classes.root}>
    <Textarea
      readOnly
      autosize
      aria-label={label}
      value={value}
      spellCheck={false}
      onFocus={event => event.currentTarget.select()}
      classNames={{ root: classes.field!, input: classes.input! }}
    />
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          aria-label={`Copy: ${label}`}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  </div>
);
