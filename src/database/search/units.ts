/**
 * What a text is searched by: a word, a character of a script that writes no spaces between words, or an emoji. No dictionary
 * decides where a word ends (Intl.Segmenter has one for Chinese or Thai): it knows other words with each version of Node, and
 * the words in the index would no longer be those of a query.
 */
export type Unit = {
  /** without accents, capitals, and other forms of the same character */
  text: string;
  /** Where it is in the text; end is behind it. */
  start: number;
  end: number;
  /** a character of a script without spaces */
  isCharacter: boolean;
  /** The next unit is a character too, and nothing is between them. */
  isJoined: boolean;
};

/**
 * Letters and digits of ASCII at once, because most texts are of them. Else one character with what belongs to it: marks,
 * invisible ones, skin tones, half-width voiced marks; Hangul in its parts.
 */
const clusters =
  /[0-9A-Za-z]+(?![\p{M}\p{Cf}\uff9e\uff9f\p{EMod}])|[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|[^\p{M}\p{Cf}\p{EMod}][\p{M}\p{Cf}\uff9e\uff9f\p{EMod}]*|[\p{M}\p{Cf}\p{EMod}]+/gsu;

/** Accents of Latin, Greek and Cyrillic, points of Hebrew, vowels of Arabic, and its stretching. The marks of й are kept. */
const accents =
  /(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640]/g;
const invisible = /\p{Cf}|[\ufe00-\ufe0f]|\p{EMod}/gu;

/** Letters that Unicode does not see as another one with an accent. */
const withStroke: Record<string, string> = { đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ø: "o", æ: "ae", œ: "oe" };

const spaceless =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]$/u;
const inWord = /^[\p{L}\p{M}\p{N}]$/u;
const emoji = /^[\p{Extended_Pictographic}\p{Regional_Indicator}]$/u;

type Kind = "word" | "character" | "emoji" | "between";

/** The units of a text, in its order. */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let last: Kind = "between";
  for (const { 0: cluster, index: start } of text.matchAll(clusters)) {
    const end = start + cluster.length;
    if (isPlain(cluster)) {
      if (last === "word") extend(units.at(-1)!, cluster.toLowerCase(), end);
      else units.push({ text: cluster.toLowerCase(), start, end, isCharacter: false, isJoined: false });
      last = "word";
      continue;
    }
    for (const { character, kind } of fold(cluster)) {
      const before = units.at(-1);
      if (kind === "word" && last === "word") extend(before!, character, end);
      else if (kind !== "between") {
        const isCharacter = kind === "character";
        if (isCharacter && last === "character") before!.isJoined = true;
        units.push({ text: character, start, end, isCharacter, isJoined: false });
      }
      last = kind;
    }
  }
  return units;
}

/** Letters and digits of ASCII: no other cluster begins and ends with one. */
const isPlain = (cluster: string) =>
  isPlainCode(cluster.charCodeAt(0)) && isPlainCode(cluster.charCodeAt(cluster.length - 1));

const isPlainCode = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

function extend(word: Unit, text: string, end: number): void {
  word.text += text;
  word.end = end;
}

type Folded = { character: string; kind: Kind }[];

/** Texts have few different characters, and folding one takes a microsecond. */
const folded = new Map<string, Folded>();
const maxFolded = 20_000;

function fold(cluster: string): Folded {
  const known = folded.get(cluster);
  if (known) return known;
  // To capitals and back: ß is ss, and the two forms of σ are one.
  const plain = cluster.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFD");
  const bare = plain.replace(accents, "").replace(invisible, "").normalize("NFC");
  const result = [...bare]
    .flatMap(character => [...(withStroke[character] ?? character)])
    .map(character => ({ character, kind: kindOf(character) }));
  if (folded.size >= maxFolded) folded.clear();
  folded.set(cluster, result);
  return result;
}

function kindOf(character: string): Kind {
  if (emoji.test(character)) return "emoji";
  if (!inWord.test(character)) return "between";
  return spaceless.test(character) ? "character" : "word";
}
