/** How a text may be written in what is searched: as it is, in JSON, and in CSV. In small letters. */
export const spellingsOf = (texts: string[]): string[] => [
  ...new Set(
    texts.flatMap(text => [text, JSON.stringify(text).slice(1, -1), text.replaceAll('"', '""')]).map(lowerCase),
  ),
];

const lowerCase = (text: string) => text.toLowerCase();
