import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { isColour } from "#protocol/colour.ts";
import classes from "./colour-input.module.css";

type Props = { value: string; error?: ReactNode; onChange: (colour: string) => void };

/** A colour, typed or picked with what the browser offers for it. */
export const ColourInput = ({ value, error, onChange }: Props) => (
  <TextInput
    label="Colour"
    description="Of the bubble and the chat’s header, such as #3457d5"
    value={value}
    error={error}
    maxLength={7}
    spellCheck={false}
    onChange={event => onChange(event.currentTarget.value.trim())}
    leftSection={
      <input
        type="color"
        aria-label="Choose from a palette"
        className={classes.swatch}
        value={isColour(value) ? value : "#000000"}
        onChange={event => onChange(event.currentTarget.value)}
      />
    }
  />
);
