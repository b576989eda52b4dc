/**
 * Shares one answer among all who ask the same within some moments. A failure is not kept.
 * @param keepMs  how old an answer may be
 */
export function createRecent<Key, Answer>(keepMs: number, fetch: (key: Key) => Promise<Answer>) {
  const answers = new Map<Key, Promise<Answer>>();
  return {
    get(key: Key): Promise<Answer> {
      const known = answers.get(key);
      if (known) return known;
      const answer = fetch(key);
      answers.set(key, answer);
      const forget = () => {
        if (answers.get(key) === answer) answers.delete(key);
      };
      answer.then(() => setTimeout(forget, keepMs).unref(), forget);
      return answer;
    },
    forget: (key: Key) => void answers.delete(key),
  };
}
