import { config } from "zod";

// Before any schema is made: compiled checks need eval, and merely trying it is reported against the page's policy.
config({ jitless: true });
