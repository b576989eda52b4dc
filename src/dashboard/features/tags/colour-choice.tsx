import { useId } from "react";
import classes from "./colour-choice.module.css";
import { colours } from "./colours.ts";

type Props = { value: string; onChange: (colour: string) => void };

/** A row of colours to choose from; a colour that was set over the API comes last. */
export function ColourChoice({ value, onChange }: Props) {
  const name = useId();
  const isListed = colours.some(({ colour }) => colour === value);
  const choices = isListed ? colours : [...colours, { name: value, colour: value }];
  return (
    <fieldset className={classes.root}>
      <legend className={classes.legend}>Colour</legend>
      {choices.map(choice => (
        <input
          key={choice.colour}
          type="radio"
          name={name}
          className={classes.swatch}
          style={{ backgroundColor: choice.colour }}
          aria-label={choice.name}
          title={choice.name}
          checked={choice.colour === value}
          onChange={() => onChange(choice.colour)}
        />
      ))}
    </fieldset>
  );
}
