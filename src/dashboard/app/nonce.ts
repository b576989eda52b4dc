/** The server writes a new nonce into index.html; styles that are injected at run time must carry it. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// Overlays stop the page from scrolling with a style element. The package get-nonce reads its nonce from this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
