/** @jsxImportSource #widget/dom */
import type { ErrorBody } from "#protocol/errors.ts";
import type { DeletedMyself } from "#protocol/privacy.ts";
import type { ProChat } from "#widget/page/namespace.ts";
import type { Shell } from "#widget/page/shell.ts";
import { type Dialog, Link, openDialog } from "./dialog.tsx";

type State = {
  /** what goes on, or has happened */
  says: string;
  isFailure?: boolean;
  isBusy?: boolean;
  asks?: boolean;
  /** of the deletion that can be undone here */
  receipt?: DeletedMyself | undefined;
};

export function openYourData(shell: Shell, token: () => Promise<string>): void {
  let state: State = { says: "" };
  const dialog: Dialog = openDialog(shell, "Your data", () => {
    // What the browser keeps goes last: until then the deletion can be undone here.
    if (state.receipt) (window.ProChat as ProChat).logout();
    else shell.bubble.focus();
  });
  const show = (next: State) => {
    state = next;
    dialog.draw(<YourData {...{ shell, state, act }} />);
  };

  async function act(what: Act) {
    if (what === "ask") return show({ says: "", asks: true });
    if (what === "keep") return show({ says: "" });
    const { receipt } = state;
    show({ says: working[what], isBusy: true, receipt });
    try {
      const answer = await acts[what](shell, await token());
      show({ says: done[what], receipt: answer as DeletedMyself | undefined });
    } catch (error) {
      const { message } = error as ErrorBody;
      show({ says: message || "No answer. Try again.", isFailure: true, receipt });
    }
  }
  show(state);
}

type Act = "ask" | "keep" | keyof typeof acts;

const acts = {
  async download(shell: Shell, token: string) {
    const file = await (await call(shell, token, "GET", "data")).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "my-data.zip";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  },
  delete: async (shell: Shell, token: string): Promise<DeletedMyself> =>
    (await call(shell, token, "POST", "delete")).json(),
  async undo(shell: Shell, token: string) {
    await call(shell, token, "POST", "undo");
  },
};

const working = { download: "Collecting your data…", delete: "Deleting…", undo: "Bringing back…" };

const done = {
  download: "Your data is in the file my-data.zip.",
  delete: "Your data is deleted.",
  undo: "Your conversations are back.",
};

const dayOf = (moment: string) => new Date(moment).toLocaleDateString("en", { dateStyle: "long" });

/** @throws ErrorBody */
async function call({ base }: Shell, token: string, method: string, path: string): Promise<Response> {
  const response = await fetch(`${base}/api/v1/widget/privacy/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.ok) return response;
  throw ((await response.json()) as { error: ErrorBody }).error;
}

type Props = { shell: Shell; state: State; act: (what: Act) => void };

function YourData({ shell: { website, base, websiteKey }, state, act }: Props) {
  const { says, isFailure, isBusy, asks, receipt } = state;
  const { privacyLink } = website.settings;
  return (
    <div>
      <p>
        <Link href={`${base}/privacy/${websiteKey}`}>What is kept, and for how long</Link>
        {privacyLink && <Link href={privacyLink}>Privacy policy</Link>}
      </p>
      <p class={isFailure ? "says failure" : "says"} role="status">
        {says}
      </p>
      {receipt ? (
        <section>
          <h3>Receipt</h3>
          <p class="notice">{receipt.receipt}</p>
          <p>
            Conversations: {receipt.conversations}, messages: {receipt.messages}, and your details. Until{" "}
            {dayOf(receipt.undoableUntil)} {website.name} can bring them back if you ask. Then they are erased.
            {receipt.inBackupsUntil && ` Backups may hold them until ${dayOf(receipt.inBackupsUntil)}.`}
          </p>
          <div class="actions">
            <Button {...{ act, isBusy }} what="undo">
              Undo
            </Button>
          </div>
        </section>
      ) : (
        [
          <section key="download">
            <h3>Download</h3>
            <p>Everything that is kept of you, in one file.</p>
            <div class="actions">
              <Button {...{ act, isBusy }} what="download" isMain>
                Download my data
              </Button>
            </div>
          </section>,
          <section key="delete">
            <h3>Delete</h3>
            <p>
              {asks
                ? "Delete all of your conversations and details? They disappear at once."
                : "Your conversations and details disappear at once. After 30 days they are deleted for good."}
            </p>
            <div class="actions">
              <Button {...{ act, isBusy }} what={asks ? "delete" : "ask"} isRed={!!asks}>
                {asks ? "Delete everything" : "Delete my data…"}
              </Button>
              {asks && (
                <Button {...{ act, isBusy }} what="keep">
                  Keep
                </Button>
              )}
            </div>
          </section>,
        ]
      )}
    </div>
  );
}

type ButtonProps = {
  what: Act;
  act: (what: Act) => void;
  isBusy?: boolean | undefined;
  isMain?: boolean;
  isRed?: boolean;
  children?: string;
};

const Button = ({ what, act, isBusy, isMain, isRed, children }: ButtonProps) => (
  <button
    key={what}
    type="button"
    class={`${isMain ? "main first" : ""}${isRed ? "red" : ""}`}
    disabled={!!isBusy}
    onClick={() => act(what)}
  >
    {children}
  </button>
);
