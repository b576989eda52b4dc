import type { App, Shell } from "#widget/page/shell.ts";
import { openGate } from "./gate.tsx";
import { openYourData } from "./your-data.tsx";

/**
 * The part of the widget about privacy. It is loaded only where a notice must be accepted first, or when a visitor asks for
 * their data. Built on its own: no name is shortened between it and the app.
 */

/** Stands before the app until the visitor has accepted the notice: nothing is stored in the browser, and no connection opened. */
export const start = (shell: Shell, identity?: string, hasThread?: unknown): App | Promise<App> =>
  openGate(shell, identity, hasThread);

export const showPrivacy = (shell: Shell, token: () => Promise<string>): void => openYourData(shell, token);
