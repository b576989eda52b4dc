/**
 * The address of a page as agents see it. What stands behind ? and # may name a person or be a secret, such as a link that
 * resets a password, so it is left out unless the website keeps it.
 */
export const shownAddress = (url: string, keepsQuery: boolean): string =>
  keepsQuery ? url : url.replace(/[?#].*$/s, "");
