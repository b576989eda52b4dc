export type Options = { minutes: number; seed: number; visitors: number; processes: number; json?: true };
