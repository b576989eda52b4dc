import { config } from "zod/v4/core";

// Must run before the first schema is made: Zod tries eval, and the page's policy reports even the try.
config({ jitless: true });
