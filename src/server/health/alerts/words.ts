import type { AlertNotice } from "#protocol/alerts.ts";

const maxWidth = 76;

/** "Problem: Missing indexes" */
export function headline({ kind, level, title }: AlertNotice): string {
  if (kind === "test") return "Test of alerts";
  if (kind === "cleared") return `Cleared: ${title}`;
  return `${level === "error" ? "Problem" : "Warning"}: ${title}`;
}

export const subjectOf = (notice: AlertNotice): string => `${headline(notice)} (${new URL(notice.url).host})`;

/** The mail, to be read from top to bottom: what is wrong, since when, what to do first, and where to see more. */
export function mailText(notice: AlertNotice): string {
  const { kind, why, fix, facts, url, docs, check } = notice;
  const isOpen = kind === "fired" || kind === "worsened";
  const parts = [
    wrap(kind === "worsened" ? `The warning has become a problem. ${why}` : why),
    kind === "test" ? null : timesOf(notice),
    isOpen && fix ? wrap(`What to do first: ${fix}`) : null,
    isOpen && facts.length > 0 ? facts.map(fact => `    ${fact}`).join("\n") : null,
    `The page: ${url}`,
    isOpen ? `Explained in ${docs}. To be quiet about it for a day:\n    ${silenceLine(check)}` : null,
    `-- \n${wrap(`Sent by the chat server at ${new URL(url).origin}, which has this address in Settings, Alerts.`)}`,
  ];
  return `${parts.filter(part => part !== null).join("\n\n")}\n`;
}

/** "Since 2026-11-29 17:20 UTC, for 2 hours." */
function timesOf({ kind, since, at, host }: AlertNotice): string {
  const where = host === null ? "" : `\nOn the server ${host}`;
  if (kind === "cleared") return `From ${moment(since)} to ${moment(at)}.${where}`;
  return `Since ${moment(since)}.${where}`;
}

const moment = (at: string) => `${at.slice(0, 16).replace("T", " ")} UTC`;

const silenceLine = (check: string) => `prochat alerts silence ${check} --until $(date -u -d tomorrow +%FT%TZ)`;

function wrap(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= maxWidth) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** For Slack, and what reads the same. */
export function slackText(notice: AlertNotice): string {
  const { kind, why, fix, facts, url, since } = notice;
  const isOpen = kind === "fired" || kind === "worsened";
  const lines = [
    `*${escapeSlack(headline(notice))}*`,
    escapeSlack(why),
    isOpen ? `Since ${moment(since)}.` : null,
    isOpen && fix ? `What to do first: ${escapeSlack(fix)}` : null,
    isOpen && facts.length > 0 ? `\`\`\`${escapeSlack(facts.join("\n"))}\`\`\`` : null,
    `<${url}|Open the page>`,
  ];
  return lines.filter(line => line !== null).join("\n");
}

/** Slack reads <…> as links and mentions. */
const escapeSlack = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
