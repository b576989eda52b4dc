/** Dialogues by topic, with their texts as COPY takes them. */
export type Corpus = {
  /** the texts of all turns, in UTF-8, one after another */
  texts: Buffer;
  /** turn t is texts[starts[t]] up to but not including texts[starts[t + 1]] */
  starts: Float64Array;
  /** the author of turn t: 1 an agent, 0 the visitor */
  byAgent: Uint8Array;
  /** at least one; a topic becomes a website */
  topics: Topic[];
};

/** Dialogues as ranges of turns; each has at least one turn of the visitor. */
export type Topic = { name: string; dialogues: { first: number; end: number }[] };

export type Dialogue = { topic: string; turns: [author: "visitor" | "agent", text: string][] };

/** Collects dialogues into a corpus. */
export function createCorpusBuilder() {
  const texts: Buffer[] = [];
  const lengths: number[] = [];
  const byAgent: number[] = [];
  const topics = new Map<string, Topic>();
  return {
    add({ topic: name, turns }: Dialogue): void {
      const first = texts.length;
      for (const [author, text] of turns) {
        const bytes = Buffer.from(text);
        texts.push(bytes);
        lengths.push(bytes.length);
        byAgent.push(author === "agent" ? 1 : 0);
      }
      const topic = topics.get(name) ?? { name, dialogues: [] };
      topics.set(name, topic);
      topic.dialogues.push({ first, end: texts.length });
    },
    build(): Corpus {
      const starts = new Float64Array(lengths.length + 1);
      for (const [turn, length] of lengths.entries()) starts[turn + 1] = starts[turn]! + length;
      return { texts: Buffer.concat(texts), starts, byAgent: Uint8Array.from(byAgent), topics: [...topics.values()] };
    },
  };
}

const previewLength = 200;

/** The first characters of a turn, as a conversation's row shows them; the same as left(body, 200) in SQL. */
export function previewOf({ texts, starts }: Corpus, turn: number): string {
  const text = texts.toString("utf8", starts[turn], starts[turn + 1]);
  return text.length <= previewLength ? text : Array.from(text).slice(0, previewLength).join("");
}
