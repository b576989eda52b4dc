/** What JSX becomes: see docs/decisions/0002-widget-renderer.md for why this is not Preact. */
export type Child = VNode | string | number | boolean | null | undefined | Child[];
export type VNode = { tag: string; key?: string; props: Record<string, unknown> & { children?: Child } };

/** A component is a function of its properties and is called at once: it has no state of its own. */
export function jsx(type: string | ((props: never) => VNode), props: VNode["props"], key?: string): VNode {
  const made = typeof type === "string" ? { tag: type, props } : type(props as never);
  return key === undefined ? made : { ...made, key };
}
export { jsx as jsxs };

type Handlers<Target> = {
  [Name in keyof HTMLElementEventMap as `on${Capitalize<Name>}`]?: (
    event: HTMLElementEventMap[Name] & { currentTarget: Target },
  ) => unknown;
};
type Attributes = { [name: string]: unknown; key?: string; class?: string; children?: Child };

export declare namespace JSX {
  type Element = VNode;
  type IntrinsicAttributes = { key?: string };
  type ElementChildrenAttribute = { children: unknown };
  type IntrinsicElements = {
    [Tag in keyof HTMLElementTagNameMap]: Attributes & Handlers<HTMLElementTagNameMap[Tag]>;
  } & { svg: Attributes; path: Attributes };
}
