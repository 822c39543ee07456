import type { CallTemplate } from './request-template.ts';

/** From the driver to a load process. */
export type ToWorker =
  | {
      readonly kind: 'run';
      readonly template: CallTemplate;
      readonly connections: number;
      readonly idOffset: number;
      /** The text that every answer has to carry. */
      readonly text: string;
    }
  /** Warm-up is over: forget what was counted and start to count. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'stop' };

/** From a load process to the driver. */
export type FromWorker = { readonly kind: 'idle' } | { readonly kind: 'done'; readonly counted: Counted };

/** What one load process saw between `measure` and `stop`. */
export interface Counted {
  readonly calls: number;
  readonly elapsedMs: number;
  /** Latency of each call, microseconds, in the order of arrival. */
  readonly latenciesUs: Uint32Array;
  /** The first thing that was wrong; then the whole row is void. */
  readonly problem: string | undefined;
}
