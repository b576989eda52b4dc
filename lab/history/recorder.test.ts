import { expect, test } from "vitest";
import type { Message } from "#protocol/messages.ts";
import { Recorder } from "./recorder.ts";
import { vera } from "./small-chat.ts";

const audience = { websiteIds: [1], visitorId: "vera" };
const by = { actor: "Vera", page: "Vera's", isForbidden: false };

/** Vera writes a message and deletes it. */
function recordDeletion() {
  const recorder = new Recorder();
  const body = recorder.write("Vera", vera, "text", "Words");
  const message = { conversationId: "c", id: "id 1", body } as Message;
  const page = { messages: [message], conversation: { preview: body } };
  const deletion = recorder.change(by, message, true)!;
  return { recorder, body, message, page, deletion };
}

test("an answer that shows a deleted text is found if it was asked for after the deletion was acknowledged", () => {
  const { recorder, body, page, deletion } = recordDeletion();
  const { addTexts } = recorder.addReceiver("Vera", audience);
  const askedBefore = performance.now();
  recorder.acknowledgeChange(deletion, false);
  addTexts(page, askedBefore);
  addTexts(page);
  expect(recorder.history.revealed).toEqual([]);
  addTexts(page, performance.now() + 1);
  expect(recorder.history.revealed).toEqual([{ receiver: "Vera", text: body }]);
});

test("a text is found wherever it is, also that of an edit", () => {
  const { recorder, body, message } = recordDeletion();
  const edit = recorder.change(by, message, false)!;
  const again = recorder.change(by, { ...message, body: edit.body! }, false)!;
  expect(again.original).toBe(body);
  const texts = recorder.listTexts({ preview: body, early: [{ message: { body: edit.body } }] });
  expect(texts).toEqual([body, edit.body]);
  expect([...recorder.listTexts({ body: "Hello, 12 by the shop" })]).toEqual([]);
});
