import { addressOf, type MailSettings } from "./addresses.ts";

export type Mail = {
  /** the same in each try: mail servers and programs then show one mail */
  id: string;
  to: string;
  subject: string;
  text: string;
};

/** Of each step of the conversation with the mail server. */
const stepMs = 10_000;

/**
 * Sends one mail over SMTP, as plain text.
 * @throws Error with the reason in words: no connection, wrong password, a recipient that is refused …
 */
export async function sendMail({ url, from }: MailSettings, { id, to, subject, text }: Mail): Promise<void> {
  const { createTransport } = await import("nodemailer"); // a server without mail does not load it
  const transport = createTransport(
    {
      ...{ url, connectionTimeout: stepMs, greetingTimeout: stepMs, socketTimeout: stepMs, dnsTimeout: stepMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    },
    { from },
  );
  try {
    await transport.sendMail({
      to,
      subject,
      text,
      messageId: `<${id}@${domainOf(from)}>`,
      // Not answered by out-of-office programs (RFC 3834).
      headers: { "Auto-Submitted": "auto-generated" },
    });
  } finally {
    transport.close();
  }
}

const domainOf = (from: string) => addressOf(from).split("@").at(-1)!;
