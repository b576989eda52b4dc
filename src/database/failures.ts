type Failure = { code?: string };

export const isMissingTable = (error: unknown): boolean => (error as Failure)?.code === "42P01";

/** A month that was archived or deleted is never made again: make_message_partitions() of migration 0018. */
export const isMonthGone = (error: unknown): boolean => (error as Failure)?.code === "PM001";
