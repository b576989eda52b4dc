import { IconMessageCircle } from "@tabler/icons-react";
import { isColour, textOn } from "#protocol/colour.ts";
import type { WebsiteSettings } from "#protocol/websites.ts";
import classes from "./preview.module.css";

/** What visitors see: the header of the chat, and the bubble that opens it. */
export function Preview({ name, colour, greeting, replyTime }: WebsiteSettings & { name: string }) {
  const ground = isColour(colour) ? colour : "#3457d5";
  const paint = { background: ground, color: textOn(ground) };
  return (
    <figure className={classes.root} aria-label="Preview">
      <div className={classes.panel}>
        <div className={classes.header} style={paint}>
          <div className={classes.name}>{name || "Your website"}</div>
          <div className={classes.reply}>{replyTime}</div>
        </div>
        <div className={classes.body}>{greeting && <div className={classes.greeting}>{greeting}</div>}</div>
      </div>
      <div className={classes.bubble} style={paint}>
        <IconMessageCircle size={28} stroke={1.5} />
      </div>
    </figure>
  );
}
