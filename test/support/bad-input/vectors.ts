import { readFileSync } from 'node:fs';

/** What the catalogue expects of one case; its head explains each member. */
export interface Expectation {
  readonly dispatched: boolean;
  readonly http: number | readonly number[] | null;
  readonly rpc: Rpc | readonly Rpc[] | null;
  readonly type: string;
  /** Null: no id can be named. */
  readonly id?: number | null;
  readonly connection?: 'close';
  readonly retryable?: boolean;
  readonly retry_after_ms?: number;
  readonly within_ms?: number;
}

type Rpc = number | string;

export type BreakerEffect = 'failure' | 'success' | 'neutral';

export interface BadInput {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly input: {
    readonly kind: string;
    readonly raw?: string;
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly body_base64?: string;
    readonly params?: Record<string, unknown>;
  };
  readonly expect: Expectation;
  readonly breaker?: BreakerEffect | null;
}

const file = new URL('../../vectors/bad-input.json', import.meta.url);
const catalogue = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly BadInput[] };

/** Every case of the catalogue, in its order. */
export const BAD_INPUT: readonly BadInput[] = catalogue.cases;

/** The cases of the groups with these letters. */
export function casesOf(letters: string): readonly BadInput[] {
  return BAD_INPUT.filter(({ group }) => letters.includes(group.charAt(0)));
}
