type Step = () => Promise<unknown> | unknown;

/** What was started, to be stopped in the reverse order. */
export type Shutdown = {
  /** Adds how to stop what has just been started. */
  add(step: Step): void;
  /** Stops everything, the newest first, each once; may be called again. */
  stop(): Promise<void>;
};

export function createShutdown(): Shutdown {
  const steps: Step[] = [];
  return {
    add: step => void steps.push(step),
    async stop() {
      for (let step = steps.pop(); step; step = steps.pop()) await step();
    },
  };
}

/**
 * Runs a start-up; when one of its steps fails, stops what was started before it.
 * @throws what the step threw
 */
export async function startOrStop<Started>(start: (shutdown: Shutdown) => Promise<Started>): Promise<Started> {
  const shutdown = createShutdown();
  try {
    return await start(shutdown);
  } catch (error) {
    await shutdown.stop();
    throw error;
  }
}
