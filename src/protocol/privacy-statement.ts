import { maxBackupDays } from "./backup-schedule.ts";
import { limits } from "./limits.ts";
import type { WebsiteSettings } from "./websites.ts";

export type Statement = { heading: string; lines: string[] }[];

/**
 * What a website's chat keeps and for how long, in words, from its settings: the public page of the website, and its preview in
 * the dashboard.
 */
export function privacyStatement(settings: WebsiteSettings): Statement {
  return [
    { heading: "What is kept", lines: whatIsKept(settings) },
    { heading: "In your browser", lines: inTheBrowser(settings) },
    { heading: "For how long", lines: howLong(settings) },
    {
      heading: "Your rights",
      lines: [
        "In the chat, under “Your data”, you can download everything that is kept of you, and delete it.",
        "Ask us to correct what is wrong about you, or to keep it without using it.",
      ],
    },
  ];
}

const whatIsKept = ({ keepsPageQuery, isNoticeRequired, privacyNotice, ...settings }: WebsiteSettings) => [
  "Your messages, and the answers to them, with their times.",
  "Your name and e-mail address, if you are logged in on this website or we have noted them.",
  ...(settings.asksForEmail ? ["An e-mail address that you leave in the chat."] : []),
  ...(settings.mailsMissedAnswers
    ? ["Answers that you have not read may be sent to your e-mail address; the mails are not kept."]
    : []),
  keepsPageQuery
    ? "The address and the title of the page that you were on last."
    : "The address of the page that you were on last, without what stands behind “?” and “#”, and its title.",
  "The name and version of your browser, and its language.",
  "Labels and notes that the people who answer have made.",
  ...(isNoticeRequired && privacyNotice ? ["Which privacy notice you have accepted, and when."] : []),
  "Your IP address is not kept.",
  "Before your first message nothing of this is kept.",
];

const inTheBrowser = ({ isNoticeRequired, privacyNotice, ...settings }: WebsiteSettings) => [
  "The chat sets no cookies.",
  isNoticeRequired && privacyNotice
    ? "Until you accept the privacy notice nothing is stored, and the chat does not connect."
    : "Until you write nothing is stored.",
  "Then a token that finds your conversation again for a year, and messages that are not sent yet.",
  ...(settings.asksForEmail ? ["That you do not want to leave an e-mail address, if you say no."] : []),
];

const howLong = ({ archiveAfterDays, deleteAfterDays, isDeletionConfirmed }: WebsiteSettings) => [
  isDeletionConfirmed
    ? `A conversation is deleted ${deleteAfterDays} days after its last message. From ${archiveAfterDays} days on it is in an archive, where it can still be read.`
    : `From ${archiveAfterDays} days after its last message on, a conversation is in an archive, where it can still be read. It is not deleted by its age yet.`,
  ...(isDeletionConfirmed
    ? ["When the last conversation with you is deleted, your name and everything else that is kept of you goes too."]
    : []),
  `What is deleted disappears at once. For ${limits.undoDays} days it can be brought back, if it was a mistake. Then it is erased.`,
  `Backups may hold it for ${maxBackupDays} days longer, and one that is set aside until it is deleted. A backup that is restored erases it again before anybody can use it.`,
];
