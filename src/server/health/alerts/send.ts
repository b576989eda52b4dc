import type { Channel } from "#database/health/alerts/channels.ts";
import type { Config } from "#platform/config.ts";
import { sendMail } from "#platform/mail/mail.ts";
import { postWebhook } from "#platform/webhooks/post.ts";
import { signWebhook } from "#platform/webhooks/sign.ts";
import type { AlertNotice, AlertWebhook } from "#protocol/alerts.ts";
import { mailText, slackText, subjectOf } from "./words.ts";

export type SendSettings = Pick<Config, "mail" | "webhookNetworks">;
type Sent = { id: string; channel: Channel; notice: AlertNotice };

/**
 * Sends a notice to a channel.
 * @param sent.id  the same in each try
 * @returns why it was not taken, in words; null: it was
 */
export async function send(settings: SendSettings, sent: Sent): Promise<string | null> {
  try {
    await (sent.channel.kind === "email" ? sendByMail(settings, sent) : post(settings, sent));
    return null;
  } catch (error) {
    return explain(error as Error & { code?: string }).slice(0, 500);
  }
}

async function sendByMail({ mail }: SendSettings, { id, channel, notice }: Sent): Promise<void> {
  if (!mail) throw new Error("SMTP_URL and MAIL_FROM are not set on the server.");
  await sendMail(mail, { id, to: channel.target, subject: subjectOf(notice), text: mailText(notice) });
}

function post({ webhookNetworks: networks }: SendSettings, { id, channel, notice }: Sent): Promise<void> {
  if (channel.kind === "slack") {
    return postWebhook({
      url: channel.target,
      headers: {},
      body: JSON.stringify({ text: slackText(notice) }),
      networks,
    });
  }
  const webhook: AlertWebhook = { type: `alert.${notice.kind}`, timestamp: notice.at, data: notice };
  const body = JSON.stringify(webhook);
  const headers = signWebhook(channel.secret!, { id, at: new Date(), body });
  return postWebhook({ url: channel.target, headers, body, networks });
}

/** Node tries each address of a name, and then says nothing itself. */
function explain(error: Error & { code?: string }): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  return first.message || error.code || "It failed without a reason.";
}
