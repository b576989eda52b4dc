type Step = () => Promise<unknown> | unknown;

/** Stops what was started, in the reverse order. */
export type Shutdown = {
  /** Adds the step that stops what was just started. */
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
 * Runs a start-up. If it fails, stops what it had started.
 * @throws what the start-up threw
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
