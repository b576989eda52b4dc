import { createHash } from "node:crypto";
import type { WebsiteSettings } from "#protocol/websites.ts";

type Notice = Pick<WebsiteSettings, "privacyNotice" | "privacyLink">;

/** Names a privacy notice: other words or another link are another notice. Null: the website has none. */
export const noticeIdOf = ({ privacyNotice, privacyLink }: Notice): string | null =>
  privacyNotice === ""
    ? null
    : createHash("sha256").update(`${privacyNotice}\n${privacyLink}`).digest("base64url").slice(0, 16);

/** The notice that visitors must accept; null: they need not accept any. */
export const requiredNoticeOf = (settings: WebsiteSettings): string | null =>
  settings.isNoticeRequired ? noticeIdOf(settings) : null;
