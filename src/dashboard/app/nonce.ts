/** The server writes a fresh nonce into index.html; styles that are injected at run time must carry it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// Overlays lock the page's scrolling with a style element whose nonce get-nonce looks up under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
