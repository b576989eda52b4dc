import type { Missed } from "./queries.ts";

/** The website. */
export type Sender = { name: string; allowedOrigins: string[] };

/** The mail with the answers, as plain text. It has an address of the website's own pages only. */
export function mailText({ name, allowedOrigins }: Sender, { answers, pageUrl }: Missed): string {
  const page = pageUrl && isOwn(pageUrl, allowedOrigins) ? pageUrl : null;
  return [
    ...answers.map(({ body, authorName }) => `${authorName ?? name} wrote:\n\n${body}\n`),
    page
      ? `To answer, open the chat in the browser that you wrote from:\n${page}`
      : `To answer, open the chat of ${name} in the browser that you wrote from.`,
    "",
    `You get this mail because you have not read the answer in the chat of ${name} yet, where this address was given. If it`,
    "was not you, ignore this mail.",
    "",
  ].join("\n");
}

export const subjectOf = ({ name }: Sender): string => `Your conversation with ${name}`;

/** What a visitor's browser has reported as its page may be any address. */
function isOwn(pageUrl: string, allowedOrigins: string[]): boolean {
  if (!URL.canParse(pageUrl)) return false;
  const { origin, host, protocol } = new URL(pageUrl);
  return allowedOrigins.some(allowed => {
    const [scheme, suffix] = allowed.split("//*.");
    return suffix === undefined ? allowed === origin : scheme === protocol && host.endsWith(`.${suffix}`);
  });
}
