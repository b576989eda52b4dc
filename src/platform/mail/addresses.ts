export type MailSettings = {
  /** smtp://user:password@host:587, or smtps:// for TLS from the first byte */
  url: string;
  /** `Name <address>`, or an address alone */
  from: string;
};

/** Of `Name <address>`, or of an address alone. */
export const addressOf = (from: string): string => /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();

/** One address, as people write it; not every one that RFC 5321 allows. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/.test(text);
