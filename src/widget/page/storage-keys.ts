/** Begins every key that the widget keeps for a website in the visitor's browser. */
export const prefixOf = (websiteKey: string): string => `prochat:${websiteKey}:`;
