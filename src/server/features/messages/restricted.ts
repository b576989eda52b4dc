import { AppError } from "#protocol/errors.ts";

/** Of a visitor whose data is kept and not used: agents neither write to them nor change what they wrote. */
export const restricted = () =>
  new AppError(
    "restricted",
    "This visitor's data is restricted: it is kept and not used, so agents cannot write to them or edit. An admin can end the restriction.",
  );
