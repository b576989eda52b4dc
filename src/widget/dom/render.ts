import type { Child, VNode } from "./jsx-runtime.ts";

/** What each element was last drawn from. */
const drawn = new WeakMap<Node, VNode>();

/**
 * Changes the children of `parent` to the wanted ones. An element whose tag and key are still wanted stays, with its
 * focus, selection and scroll position. It is moved only if the order has changed. An element that was drawn from the
 * same VNode object is not compared again.
 */
export function render(parent: Element, wanted: Child): void {
  const children = flat(wanted);
  const held = [...parent.childNodes];
  const nodes = children.map(child => {
    const at = held.findIndex(node => fits(node, child));
    return at < 0 ? create(child) : held.splice(at, 1)[0]!;
  });
  for (const node of held) node.remove();
  nodes.forEach((node, at) => {
    const there = parent.childNodes[at];
    if (there !== node) parent.insertBefore(node, there ?? null);
    update(node, children[at]!);
  });
}

/** As in JSX, nothing is drawn for null, undefined, booleans and the empty text. */
function flat(child: Child): (VNode | string)[] {
  if (Array.isArray(child)) return child.flatMap(flat);
  if (typeof child === "object" && child) return [child];
  return child || child === 0 ? (child === true ? [] : [`${child}`]) : [];
}

function fits(node: Node, child: VNode | string): boolean {
  const before = drawn.get(node);
  return typeof child === "string" ? !before : before?.tag === child.tag && before.key === child.key;
}

function create(child: VNode | string): ChildNode {
  if (typeof child === "string") return document.createTextNode(child);
  if (child.tag === "svg" || child.tag === "path")
    return document.createElementNS("http://www.w3.org/2000/svg", child.tag);
  return document.createElement(child.tag);
}

function update(node: ChildNode, child: VNode | string) {
  if (typeof child === "string") {
    if (node.nodeValue !== child) node.nodeValue = child;
    return;
  }
  const element = node as Element;
  const held = drawn.get(element);
  if (held === child) return;
  const before = held?.props ?? {};
  drawn.set(element, child);
  for (const name of Object.keys({ ...before, ...child.props }))
    setProperty(element, name, child.props[name], before[name]);
  render(element, child.props.children);
}

function setProperty(element: Element, name: string, value: unknown, before: unknown) {
  const target = element as unknown as Record<string, unknown>;
  if (name === "children") return;
  // The user changes a field's text: compare with its present text, not with the last drawing.
  if (name === "value") {
    if (target.value !== value) target.value = value;
  } else if (value === before) return;
  else if (name.startsWith("on"))
    target[name.toLowerCase()] = value ? handler(value as (event: Event) => unknown) : null;
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, `${value}`);
}

/** Drops what the handler returns: the browser would take false for preventDefault. */
const handler = (handle: (event: Event) => unknown) => (event: Event) => void handle(event);
