import fc from "fast-check";
import { beforeEach, expect, test, vi } from "vitest";
import { type Child, jsx } from "./jsx-runtime.ts";
import { render } from "./render.ts";

/** As much of the DOM as drawing needs; it counts what it moves. */
let moves = 0;
class FakeNode {
  childNodes: FakeNode[] = [];
  attributes: Record<string, string> = {};
  parent: FakeNode | null = null;
  nodeValue: string | null = null;
  name: string;
  constructor(name: string, text: string | null = null) {
    this.name = name;
    this.nodeValue = text;
  }
  insertBefore(node: FakeNode, before: FakeNode | null) {
    moves++;
    node.remove();
    this.childNodes.splice(before ? this.childNodes.indexOf(before) : this.childNodes.length, 0, node);
    node.parent = this;
  }
  remove() {
    const siblings = this.parent?.childNodes;
    siblings?.splice(siblings.indexOf(this), 1);
    this.parent = null;
  }
  setAttribute(name: string, value: string) {
    this.attributes[name] = value;
  }
  removeAttribute(name: string) {
    delete this.attributes[name];
  }
  text(): string {
    return this.nodeValue ?? this.childNodes.map(node => node.text()).join("");
  }
}

let place: FakeNode;
const draw = (child: Child) => render(place as unknown as Element, child);
const keyed = (key: string) => jsx("p", { children: key }, key);

beforeEach(() => {
  vi.stubGlobal("document", {
    createElement: (tag: string) => new FakeNode(tag),
    createElementNS: (_space: string, tag: string) => new FakeNode(tag),
    createTextNode: (text: string) => new FakeNode("#text", text),
  });
  place = new FakeNode("place");
});

test("after any drawing the wanted children are there, and each key keeps its element", () => {
  const keys = fc.uniqueArray(fc.constantFrom(..."abcdefgh"));
  fc.assert(
    fc.property(keys, keys, (before, after) => {
      place = new FakeNode("place");
      draw(before.map(keyed));
      const held = new Map(place.childNodes.map(node => [node.text(), node]));
      draw(after.map(keyed));
      expect(place.childNodes.map(node => node.text())).toEqual(after);
      for (const node of place.childNodes) if (held.has(node.text())) expect(held.get(node.text())).toBe(node);
    }),
  );
});

test("added and removed elements move no other element", () => {
  draw(["c", "d", "e"].map(keyed));
  moves = 0;
  draw(["a", "b", "c", "d", "e", "f"].map(keyed));
  // Three new rows, each with its text.
  expect(moves).toBe(6);
  draw(["b", "c", "e"].map(keyed));
  expect(moves).toBe(6);
});

test("attributes and handlers come, change and go; text is text", () => {
  const first = vi.fn(() => false);
  draw(
    jsx("button", { class: "a", disabled: true, "aria-label": "x", onClick: first, children: ["<b>", 0, false, null] }),
  );
  const button = place.childNodes[0]! as FakeNode & { onclick?: null | (() => unknown) };
  expect(button.attributes).toEqual({ class: "a", disabled: "true", "aria-label": "x" });
  expect(button.onclick?.()).toBeUndefined();
  expect(first).toHaveBeenCalledOnce();
  expect(button.text()).toBe("<b>0");
  draw(jsx("button", { class: "b", disabled: false, children: "c" }));
  expect(place.childNodes[0]).toBe(button);
  expect(button.attributes).toEqual({ class: "b" });
  expect(button.onclick).toBeNull();
  expect(button.text()).toBe("c");
});

test("a field gets the wanted text, also if its user has changed it since the last drawing", () => {
  draw(jsx("textarea", { value: "draft" }));
  const field = place.childNodes[0]! as FakeNode & { value?: string };
  field.value = "draft, longer";
  draw(jsx("textarea", { value: "draft" }));
  expect(field.value).toBe("draft");
});

test("an element drawn from the same VNode object is not compared again", () => {
  const row = keyed("a");
  draw([row]);
  place.childNodes[0]!.childNodes = [];
  draw([row]);
  expect(place.text()).toBe("");
  draw([keyed("a")]);
  expect(place.text()).toBe("a");
});
