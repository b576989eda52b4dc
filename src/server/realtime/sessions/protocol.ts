import { AppError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Outlet } from "./session.ts";

/** The first version that knows messages which change. */
const withChanges = 2;

/**
 * The outlet of a client that speaks this version of the protocol: an older one gets no events that it does not know.
 * @param version  as hello says it; clients of version 1 say none
 * @throws AppError "client_outdated"
 */
export function outletFor(outlet: Outlet, version = 1): Outlet {
  if (version < limits.minProtocolVersion) {
    throw new AppError("client_outdated", "This page is older than the server. Reload it.");
  }
  if (version >= withChanges) return outlet;
  return {
    send(event) {
      if (!isChange(event)) outlet.send(event);
    },
    end: reason => outlet.end(reason),
  };
}

const isChange = (event: object) => "event" in event && event.event === "message.changed";
