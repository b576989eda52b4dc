import type { ReactNode } from "react";

/** An entry of a list of facts; nothing if the fact is not known. */
export const Fact = ({ name, children }: { name: string; children: ReactNode }) =>
  children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
