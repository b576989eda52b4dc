import { expect, test, vi } from "vitest";
import { createScroll } from "./scroll.ts";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    disconnect() {}
  },
);

/** A list of which 500 px can be seen, of messages 100 px high. */
function fakeList() {
  const reached: string[] = [];
  const reach = (what: string) => () => void reached.push(what);
  const scroll = createScroll({ bottom: reach("bottom"), top: reach("top"), unseen: reach("unseen") });
  const list = { scrollTop: 0, scrollHeight: 0, clientHeight: 500 };
  scroll.attach(list as unknown as HTMLElement);
  return {
    list,
    scroll,
    reached,
    show(ids: number[], own = false) {
      list.scrollHeight = ids.length * 100;
      list.scrollTop = Math.min(list.scrollTop, Math.max(0, list.scrollHeight - 500));
      scroll.keep({ firstId: `${ids[0]}`, lastId: `${ids.at(-1)}`, own });
      list.scrollTop = Math.min(list.scrollTop, Math.max(0, list.scrollHeight - 500));
    },
    to(px: number) {
      list.scrollTop = px;
      scroll.measure();
    },
  };
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test("a reader at the bottom stays there", () => {
  const { list, show } = fakeList();
  show(range(1, 20));
  expect(list.scrollTop).toBe(1500);
  show(range(1, 21));
  expect(list.scrollTop).toBe(1600);
});

test("a reader further up keeps the place, and new messages are shown as unseen", () => {
  const { list, scroll, reached, show, to } = fakeList();
  show(range(1, 20));
  to(1000);
  expect(scroll.unseen()).toBe(false);
  show(range(1, 21));
  expect(list.scrollTop).toBe(1000);
  expect(scroll.unseen()).toBe(true);
  to(1600);
  expect(scroll.unseen()).toBe(false);
  expect(reached.filter(what => what === "unseen")).toHaveLength(2);
});

test("older messages are added above the message that is being read", () => {
  const { list, reached, show, to } = fakeList();
  show(range(51, 70));
  expect(reached).not.toContain("top");
  to(200);
  expect(reached).toContain("top");
  show(range(1, 70), true);
  expect(list.scrollTop).toBe(5200);
});

test("one's own message is always shown", () => {
  const { list, show, to } = fakeList();
  show(range(1, 20));
  to(500);
  show(range(1, 21), true);
  expect(list.scrollTop).toBe(1600);
});

test("a short list requests older messages by itself", () => {
  const { reached, show } = fakeList();
  show([1, 2]);
  expect(reached).toContain("top");
});
