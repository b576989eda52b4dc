/**
 * Shares one answer among all callers that ask the same within `keepMs`, also while it is being fetched. A failure is not
 * kept.
 * @param keepMs  how old an answer may be
 */
export function createTtlCache<Key, Answer>(keepMs: number, fetch: (key: Key) => Promise<Answer>) {
  const answers = new Map<Key, Promise<Answer>>();
  return {
    get(key: Key): Promise<Answer> {
      const cached = answers.get(key);
      if (cached) return cached;
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
