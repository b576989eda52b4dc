/** Where the ledger of erasures is in the store: an object a visitor. */
export const ledgerPrefix = "erasures/";
