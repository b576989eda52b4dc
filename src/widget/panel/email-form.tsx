/** @jsxImportSource #widget/dom */
import type { Chat } from "#widget/chat/chat.ts";
import { asksForEmail, declineEmail, hasLeftEmail, leaveEmail } from "#widget/chat/left-email.ts";
import type { Child } from "#widget/dom/jsx-runtime.ts";

/** At the end of the messages: asks a visitor who waits for an e-mail address, and confirms it. */
export const leftEmailIn = (chat: Chat): Child =>
  asksForEmail(chat) ? (
    <EmailForm chat={chat} />
  ) : (
    hasLeftEmail(chat) && (
      <p class="hint" key="left-email" role="status">
        Thank you. We can reach you at {chat.email}.
      </p>
    )
  );

const EmailForm = ({ chat }: { chat: Chat }) => (
  <form
    class="email"
    key="email"
    aria-label="E-mail address"
    onSubmit={event => {
      event.preventDefault();
      leaveEmail(chat);
    }}
  >
    <label for="email">Leave your e-mail address, and we can reach you when you are gone.</label>
    <input
      id="email"
      type="email"
      required
      maxlength={254}
      autocomplete="email"
      value={chat.email ?? ""}
      onInput={({ currentTarget: { value } }) => {
        chat.email = value;
      }}
    />
    <button type="submit">Save</button>
    <button type="button" onClick={() => declineEmail(chat)}>
      No, thanks
    </button>
  </form>
);
