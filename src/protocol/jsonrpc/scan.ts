import { JsonScanner, type HardProblem } from './scanner.ts';
import { resolveScanLimits, SCAN_LIMITS_DEFAULT, type ScanLimits } from './scan-limits.ts';

/** Why a request text is refused. The first six are hard: nothing more is known about the text. */
export type ScanProblem =
  | HardProblem
  | 'duplicate_key'
  | 'forbidden_key'
  | 'number_out_of_range'
  | 'lone_surrogate';

export type ScanResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly problem: ScanProblem;
      /** The text is JSON within the limits: it can be parsed to read its id, and for nothing else. */
      readonly isJson: boolean;
      /** Depth of the outermost occurrence; 1 is the envelope. 0 for hard problems. */
      readonly depth: number;
    };

const SCANNED: ScanResult = { ok: true };
const scanner = new JsonScanner(SCAN_LIMITS_DEFAULT);

/**
 * Proves that `bytes` is one JSON text (RFC 8259) in UTF-8 that can be parsed,
 * kept and sent on without surprises: within `limits`, without duplicate
 * member names in the outer objects, without `__proto__`, without numbers that
 * would be rounded or overflow, and without half surrogate pairs (they become
 * U+FFFD in UTF-8, so that a hash or a header would no longer match). Never
 * throws. Sources: RFC 8259 §4, §6, §7, §8; RFC 7493 (I-JSON) §2.
 */
export function scanJson(bytes: Buffer, limits?: Partial<ScanLimits>): ScanResult {
  if (!scanner.scan(bytes, resolveScanLimits(limits), 'message')) {
    return { ok: false, problem: scanner.problem ?? 'syntax', isJson: false, depth: 0 };
  }
  if (scanner.duplicateKeyDepth > 0) return found('duplicate_key', scanner.duplicateKeyDepth);
  if (scanner.forbiddenKeyDepth > 0) return found('forbidden_key', scanner.forbiddenKeyDepth);
  if (scanner.numberDepth > 0) return found('number_out_of_range', scanner.numberDepth);
  if (scanner.surrogateDepth > 0) return found('lone_surrogate', scanner.surrogateDepth);
  return SCANNED;
}

function found(problem: ScanProblem, depth: number): ScanResult {
  return { ok: false, problem, isJson: true, depth };
}
