/** What a canned reply's placeholders stand for; null: it is not known. */
export type Names = { visitor: string | null; agent: string; website: string };

export const placeholders = [
  ["{visitor.name}", "the visitor’s name; {visitor.name|there} says what stands for it while it is not known"],
  ["{agent.name}", "your own name"],
  ["{website.name}", "the website’s name"],
] as const;

const placeholder = /( ?)\{(visitor|agent|website)\.name(?:\|([^{}]*))?\}/g;

/** Fills in the names. One that is not known is replaced by the text after "|", or left out with the space before it. */
export const fillIn = (body: string, names: Names): string =>
  body
    .replace(placeholder, (_, space: string, of: keyof Names, otherwise = "") => {
      const text = names[of] || otherwise;
      return text && space + text;
    })
    .replace(/^, */, "");
