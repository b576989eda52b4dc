import { jwtVerify, SignJWT } from "jose";
import type { Person } from "./events.ts";

/** Socket.IO's `auth.token`: a person's claims, signed with the server's secret. */
export const signToken = (secret: string, { id, ...claims }: Person): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setSubject(id).setExpirationTime("1d").sign(keyOf(secret));

/** @throws Error when the token was not signed with the secret */
export async function readToken(secret: string, token: string): Promise<Person> {
  const { payload } = await jwtVerify<Omit<Person, "id">>(token, keyOf(secret), { algorithms: ["HS256"] });
  return { id: payload.sub!, role: payload.role, websiteId: payload.websiteId };
}

const keyOf = (secret: string) => new TextEncoder().encode(secret);
