import { SCHEMA_PATTERN_STEPS_MAX, SCHEMA_STEPS_MAX } from '../../platform/limits.ts';

/** Thrown out of a validation that costs more than it may. */
export class TooExpensive extends Error {
  constructor() {
    super('the validation costs more than it may');
    this.name = 'TooExpensive';
  }
}

/**
 * What one validation may still cost. A schema can make tiny arguments
 * expensive (thirty `$ref`s that each double the work), so the cost is counted
 * while it arises and not estimated from sizes.
 */
export class Meter {
  #steps = 0;
  #patternSteps = 0;

  /** Starts a validation. */
  reset(): void {
    this.#steps = SCHEMA_STEPS_MAX;
    this.#patternSteps = SCHEMA_PATTERN_STEPS_MAX;
  }

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new TooExpensive();
  }

  spendOnPattern(steps: number): void {
    this.#patternSteps -= steps;
    if (this.#patternSteps < 0) throw new TooExpensive();
  }
}
