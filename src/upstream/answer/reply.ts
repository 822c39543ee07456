import type { Outcome } from '../../pipeline/outcome.ts';
import type { ScannedError, ScannedResult } from './map-message.ts';

/** What came back for one request, before it is read as an outcome. */
export type Reply =
  /** A response that carries our id. `status` is 200 where the transport has none. */
  | { readonly kind: 'message'; readonly status: number; readonly message: ScannedResult | ScannedError }
  /** An HTTP status without a usable message. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | undefined }
  /** No answer, or none that can be used. */
  | { readonly kind: 'failed'; readonly outcome: Outcome };
