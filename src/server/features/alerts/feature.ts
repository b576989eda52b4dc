import { z } from "zod";
import { listAlerts, listOpenAlerts } from "#database/health/alerts/alerts.ts";
import { listChannelsWithLast } from "#database/health/alerts/channels.ts";
import { listSilences } from "#database/health/alerts/silences.ts";
import {
  AlertOverview,
  AlertPage,
  AlertSilence,
  ChannelTest,
  CreatedChannel,
  NewChannel,
  NewSilence,
} from "#protocol/alerts.ts";
import { Uuid, WebsiteId } from "#protocol/basics.ts";
import { limits } from "#protocol/limits.ts";
import { defineCommand } from "#server/declaration/command.ts";
import type { Feature } from "#server/declaration/feature.ts";
import { requireOperator } from "#server/identity/require-operator.ts";
import { acknowledge, addChannel, removeChannel, silence, testChannel, unsilence } from "./actions.ts";
import { silenceable } from "./rules.ts";
import { asAlert, asChannel, asSilence } from "./view.ts";

const website = z.object({ websiteId: WebsiteId });
const path = "/websites/:websiteId/alerts";

const overview = defineCommand({
  name: "alert.overview",
  summary: "The open alerts of the installation, the channels that they are sent to, and what is silenced.",
  access: "agent",
  http: { method: "GET", path },
  params: website,
  answer: AlertOverview,
  async handle(ctx, { user }) {
    await requireOperator(ctx.directory, user);
    const db = ctx.directory;
    return {
      open: (await listOpenAlerts(db)).map(asAlert),
      silences: (await listSilences(db)).map(asSilence),
      channels: (await listChannelsWithLast(db)).map(asChannel),
      checks: silenceable,
      canMail: ctx.config.mail !== null,
    };
  },
});

const history = defineCommand({
  name: "alert.history",
  summary: "The alerts of the last 90 days, newest first.",
  access: "agent",
  http: { method: "GET", path: `${path}/history` },
  params: website.extend({ cursor: Uuid.optional() }),
  answer: AlertPage,
  async handle(ctx, { user, params: { cursor = null } }) {
    await requireOperator(ctx.directory, user);
    const rows = await listAlerts(ctx.directory, { before: cursor, limit: limits.pageSize });
    return { alerts: rows.map(asAlert), nextCursor: rows.length === limits.pageSize ? rows.at(-1)!.id : null };
  },
});

const acknowledged = defineCommand({
  name: "alert.acknowledge",
  summary: "Say that you see to an alert.",
  access: "agent",
  audit: ["alert.acknowledged"],
  http: { method: "POST", path: `${path}/:alertId/acknowledge` },
  params: website.extend({ alertId: Uuid }),
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    await acknowledge(ctx, by, params);
  },
});

const silenceCheck = defineCommand({
  name: "alert.silence",
  summary: "Send nothing about a check until a time. Its alerts are still recorded.",
  access: "agent",
  audit: ["alert.silenced"],
  http: { method: "POST", path: `${path}/silences` },
  params: website.extend(NewSilence.shape),
  example: { check: "disk-free", until: "2030-01-01T00:00:00Z", reason: "A new disk comes on Monday." },
  answer: AlertSilence,
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    return silence(ctx, by, params);
  },
});

const endOfSilence = defineCommand({
  name: "alert.unsilence",
  summary: "End a silence now. What is bad then is sent.",
  access: "agent",
  audit: ["alert.silence_ended"],
  http: { method: "DELETE", path: `${path}/silences/:silenceId` },
  params: website.extend({ silenceId: Uuid }),
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    await unsilence(ctx, by, params);
  },
});

const createChannel = defineCommand({
  name: "alert_channel.create",
  summary: "Add an e-mail address, a webhook or a Slack-compatible webhook that alerts are sent to.",
  access: "agent",
  audit: ["alert_channel.created"],
  http: { method: "POST", path: `${path}/channels` },
  params: website.extend(NewChannel.shape),
  example: { kind: "email", target: "admin@example.com", minLevel: "warn" },
  answer: CreatedChannel,
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    return addChannel(ctx, by, params);
  },
});

const deleteChannel = defineCommand({
  name: "alert_channel.delete",
  summary: "Delete a channel with the notices that wait for it.",
  access: "agent",
  audit: ["alert_channel.deleted"],
  http: { method: "DELETE", path: `${path}/channels/:channelId` },
  params: website.extend({ channelId: Uuid }),
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    await removeChannel(ctx, by, params);
  },
});

const test = defineCommand({
  name: "alert_channel.test",
  summary: "Send a test to a channel now, and say whether it was taken.",
  access: "agent",
  audit: ["alert_channel.tested"],
  http: { method: "POST", path: `${path}/channels/:channelId/test` },
  params: website.extend({ channelId: Uuid }),
  answer: ChannelTest,
  async handle(ctx, { params, ...by }) {
    await requireOperator(ctx.directory, by.user);
    return { problem: await testChannel(ctx, by, params) };
  },
});

export const alerts: Feature = {
  commands: [overview, history, acknowledged, silenceCheck, endOfSilence, createChannel, deleteChannel, test],
  queries: [], // those of database/health/alerts
};
