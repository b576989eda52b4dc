import { z } from "zod";
import { Moment, Uuid } from "./basics.ts";

export const Role = z.enum(["owner", "admin", "agent"]);
export type Role = z.infer<typeof Role>;

export const User = z.object({ id: Uuid, name: z.string(), email: z.string() });
export type User = z.infer<typeof User>;

/** online: connected and ready to answer; away: connected, and away by choice or without input for a while. */
export const Availability = z.enum(["online", "away", "offline"]);
export type Availability = z.infer<typeof Availability>;

/** The availability of a connected agent, as the agent's browser sends it. */
export const ToldAvailability = Availability.exclude(["offline"]);
export type ToldAvailability = z.infer<typeof ToldAvailability>;

export const Agent = User.extend({ role: Role, availability: Availability, joinedAt: Moment });
export type Agent = z.infer<typeof Agent>;

export const Agents = z.object({ agents: z.array(Agent) });

export const AgentChange = z.object({ role: Role });
