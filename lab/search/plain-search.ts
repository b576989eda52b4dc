/*
 * What a search must find, said as plainly as possible: the text is read from its beginning to its end. The product's way, with
 * its pairs, places and index, must find the same.
 */

const spaceless =
  "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}";
const pieces = new RegExp(
  `[${spaceless}]+|(?:(?![${spaceless}])[\\p{L}\\p{N}\\p{M}])+|\\p{Extended_Pictographic}`,
  "gu",
);

/** Small letters without accents. */
const plain = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/(?<!и)[\u0300-\u036f]|[\u064b-\u065f\u05b0-\u05bc]/gu, "")
    .normalize("NFC");

const piecesOf = (text: string) => plain(text).match(pieces) ?? [];
const isSpaceless = (piece: string) => new RegExp(`^[${spaceless}]`, "u").test(piece);

/** True if a text has a word that begins so; in scripts without spaces, if it has it anywhere. */
export const hasWord = (text: string, word: string): boolean =>
  piecesOf(text).some(piece => (isSpaceless(piece) ? piece.includes(plain(word)) : piece.startsWith(plain(word))));

/** True if a text has these words one after the other. */
export function hasPhrase(text: string, phrase: string): boolean {
  const wanted = piecesOf(phrase);
  const held = piecesOf(text);
  if (wanted.length === 1 && isSpaceless(wanted[0]!)) return held.some(piece => piece.includes(wanted[0]!));
  return held.some((_, at) => wanted.every((piece, i) => piece === held[at + i]));
}
