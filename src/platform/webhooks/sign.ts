import { createHmac, randomBytes } from "node:crypto";

/** 32 random bytes, as https://www.standardwebhooks.com writes secrets. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/**
 * The headers of https://www.standardwebhooks.com. The id is the same in each try, the time is that of the try.
 * @param secret  as newWebhookSecret() makes it
 */
export function signWebhook(secret: string, { id, at, body }: { id: string; at: Date; body: string }) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
