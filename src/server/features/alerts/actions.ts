import { uuidv7 } from "uuidv7";
import { acknowledgeAlert } from "#database/health/alerts/alerts.ts";
import { deleteChannel, findChannel, insertChannel } from "#database/health/alerts/channels.ts";
import { insertDelivery } from "#database/health/alerts/deliveries.ts";
import { testNotice } from "#database/health/alerts/notice.ts";
import { endSilence, insertSilence } from "#database/health/alerts/silences.ts";
import { isMailAddress } from "#platform/mail/addresses.ts";
import { findUrlProblem } from "#platform/webhooks/post.ts";
import { newWebhookSecret } from "#platform/webhooks/sign.ts";
import type { AlertSilence, CreatedChannel, NewChannel, NewSilence } from "#protocol/alerts.ts";
import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { ByUser } from "#server/declaration/audit-record.ts";
import type { Ctx } from "#server/declaration/context.ts";
import { transact } from "#server/declaration/transact.ts";
import { send } from "#server/health/alerts/send.ts";
import { requireCheck, requireUntil } from "./rules.ts";
import { asChannel, asSilence } from "./view.ts";

type Website = { websiteId: number };

/** @throws AppError "invalid_request" for an address that cannot be one, "conflict" if there are too many */
export function addChannel(ctx: Ctx, by: ByUser, { websiteId, ...given }: Website & NewChannel) {
  requireTarget(ctx, given);
  const { kind, target, minLevel } = given;
  const secret = kind === "webhook" ? newWebhookSecret() : null;
  return transact(ctx, ctx.directory, async (tx, events): Promise<CreatedChannel> => {
    const channel = { id: uuidv7(), kind, target, secret, minLevel };
    const count = await insertChannel(tx, { ...channel, createdBy: by.user.id });
    if (count > limits.alertChannelsMax)
      throw new AppError("conflict", `There are ${limits.alertChannelsMax} channels. Delete one first.`);
    events.audit(by, { websiteId, action: "alert_channel.created", target: null, details: { kind, minLevel } });
    const isNew = { createdAt: new Date(), waiting: 0, lastAt: null, lastDeliveredAt: null, lastProblem: null };
    return { channel: asChannel({ ...channel, ...isNew }), secret };
  });
}

function requireTarget({ config }: Ctx, { kind, target }: NewChannel): void {
  if (kind === "email") {
    if (isMailAddress(target)) return;
    throw new AppError("invalid_request", `"${target}" is no e-mail address.`);
  }
  const problem = findUrlProblem(target, config.webhookNetworks);
  if (problem) throw new AppError("invalid_request", problem);
}

/** @throws AppError "not_found" */
export const removeChannel = (ctx: Ctx, by: ByUser, { websiteId, channelId }: Website & { channelId: string }) =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const channel = await deleteChannel(tx, channelId);
    if (!channel) throw noChannel();
    const details = { kind: channel.kind };
    events.audit(by, { websiteId, action: "alert_channel.deleted", target: null, details });
  });

/** Sends a test now, once. @returns why it was not taken; null: it was. @throws AppError "not_found" */
export async function testChannel(
  ctx: Ctx,
  by: ByUser,
  { websiteId, channelId }: Website & { channelId: string },
): Promise<string | null> {
  const channel = await findChannel(ctx.directory, channelId);
  if (!channel) throw noChannel();
  const at = new Date();
  const notice = testNotice(at, `${ctx.url}/w/${websiteId}/settings/alerts`);
  const id = uuidv7();
  const problem = await send(ctx.config, { id, channel, notice });
  await transact(ctx, ctx.directory, async (tx, events) => {
    const outcome = problem === null ? { deliveredAt: at } : { problem, givenUpAt: at };
    await insertDelivery(tx, { id, channelId, alertId: null, notice }, outcome);
    events.audit(by, {
      ...{ websiteId, action: "alert_channel.tested", target: null },
      details: { kind: channel.kind },
    });
  });
  return problem;
}

const noChannel = () => new AppError("not_found", "There is no such channel any more.");

/** @throws AppError "not_found" if there is no such alert, or "conflict" if somebody has acknowledged it */
export const acknowledge = (ctx: Ctx, by: ByUser, { websiteId, alertId }: Website & { alertId: string }) =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const check = await acknowledgeAlert(tx, { id: alertId, userId: by.user.id, name: by.user.name });
    if (check === null) throw new AppError("not_found", "There is no such alert, or somebody has acknowledged it.");
    events.audit(by, { websiteId, action: "alert.acknowledged", target: null, details: { check } });
  });

/** @throws AppError "invalid_request" for an unknown check, or a time that is past or too far */
export function silence(ctx: Ctx, by: ByUser, { websiteId, check, until, reason }: Website & NewSilence) {
  requireCheck(check);
  requireUntil(new Date(until));
  return transact(ctx, ctx.directory, async (tx, events): Promise<AlertSilence> => {
    const row = await insertSilence(tx, {
      ...{ id: uuidv7(), checkId: check, until: new Date(until), reason },
      ...{ createdBy: by.user.id, createdByName: by.user.name },
    });
    events.audit(by, { websiteId, action: "alert.silenced", target: null, details: { check, until, reason } });
    return asSilence(row);
  });
}

/** @throws AppError "not_found" */
export const unsilence = (ctx: Ctx, by: ByUser, { websiteId, silenceId }: Website & { silenceId: string }) =>
  transact(ctx, ctx.directory, async (tx, events) => {
    const check = await endSilence(tx, silenceId);
    if (check === null) throw new AppError("not_found", "This silence has ended.");
    events.audit(by, { websiteId, action: "alert.silence_ended", target: null, details: { check } });
  });
