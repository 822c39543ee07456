/** Steps that undo what a test started, run in reverse order. */
export interface Cleanup {
  /** Registers the undoing of `thing`, which may return a promise, and hands `thing` back. */
  add<T>(thing: T, undo: (thing: T) => unknown): T;
  /** Runs every step even when one fails; rejects with the first failure. Bound: can be passed as it is. */
  readonly run: () => Promise<void>;
}

/**
 * One per suite: `afterAll(cleanup.run)`. A child process or a listener that
 * a failing test leaves behind would disturb every later suite.
 */
export function createCleanup(): Cleanup {
  const steps: (() => unknown)[] = [];
  return {
    add(thing, undo) {
      steps.push(() => undo(thing));
      return thing;
    },
    async run() {
      const failures: unknown[] = [];
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
