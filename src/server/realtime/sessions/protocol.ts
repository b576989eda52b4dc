import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Outlet } from "./session.ts";

/** The first version in which messages can change. */
const withChanges = 2;

/**
 * The outlet for a client with this version of the protocol. A client of version 1 does not know that messages can change:
 * instead of the changed message it gets the conversation's row.
 * @param version  as hello has it; clients of version 1 send none
 * @throws AppError "client_outdated"
 */
export function outletFor(outlet: Outlet, version = 1): Outlet {
  if (version < limits.minProtocolVersion) {
    throw new AppError("client_outdated", "This page is older than the server. Reload it.");
  }
  return version >= withChanges
    ? outlet
    : {
        send: frame => outlet.send(withoutChange(frame)),
        sendIfKeepingUp: frame => outlet.sendIfKeepingUp(frame),
        end: reason => outlet.end(reason),
      };
}

function withoutChange(frame: object): object {
  const { event, data } = frame as { event?: string; data?: { conversation: object } };
  if (event !== "message.changed") return frame;
  return { event: "conversation.changed", data: { conversation: data!.conversation } };
}
