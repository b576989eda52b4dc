import { z } from "zod";
import { User } from "./agents.ts";
import { Name } from "./basics.ts";
import { Origins, Website } from "./websites.ts";

export const Email = z
  .email()
  .max(254)
  .transform(email => email.toLowerCase());

export const Password = z.string().min(10, "has fewer than 10 characters").max(200);

export const Account = z.object({ name: Name, email: Email, password: Password });
export type Account = z.infer<typeof Account>;

export const SetupStatus = z.object({ needed: z.boolean() });

export const SetupRequest = z.object({
  code: z.string(),
  owner: Account,
  website: z.object({ name: Name, allowedOrigins: Origins }),
});
export type SetupRequest = z.infer<typeof SetupRequest>;

export const SignInRequest = z.object({ email: Email, password: z.string().max(200) });

/** The signed-in user, the websites they may see, and where the demo page is. */
export const Me = z.object({
  user: User,
  isOperator: z.boolean().describe("they run the server, and see its database and its backups"),
  websites: z.array(Website),
  demoUrl: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;

export const PasswordChange = z.object({ currentPassword: z.string().max(200), newPassword: Password });
