import {
  JSON_DEPTH_MAX,
  JSON_DUPLICATE_KEY_DEPTH_MAX,
  JSON_NODES_MAX,
  JSON_NUMBER_CHARS_MAX,
} from '../../platform/limits.ts';

/** Bounds of one JSON text. */
export interface ScanLimits {
  /** Open containers at once; a bare scalar has depth 0. */
  readonly depthMax: number;
  /** Values of any kind, member names not counted. */
  readonly nodesMax: number;
  /** Characters of one number literal. */
  readonly numberCharsMax: number;
  /** Deepest object whose member names must differ; the outermost object has depth 1. */
  readonly duplicateKeyDepthMax: number;
}

export const SCAN_LIMITS_DEFAULT: ScanLimits = {
  depthMax: JSON_DEPTH_MAX,
  nodesMax: JSON_NODES_MAX,
  numberCharsMax: JSON_NUMBER_CHARS_MAX,
  duplicateKeyDepthMax: JSON_DUPLICATE_KEY_DEPTH_MAX,
};

/**
 * The limits in force. A caller can lower a bound, never raise it: the tables
 * of the scanner are sized for the defaults, and what lies behind it (stringify,
 * schema validation) is only known to hold up to them.
 */
export function resolveScanLimits(limits: Partial<ScanLimits> | undefined): ScanLimits {
  if (limits === undefined) return SCAN_LIMITS_DEFAULT;
  return {
    depthMax: lower(limits.depthMax, SCAN_LIMITS_DEFAULT.depthMax),
    nodesMax: lower(limits.nodesMax, SCAN_LIMITS_DEFAULT.nodesMax),
    numberCharsMax: lower(limits.numberCharsMax, SCAN_LIMITS_DEFAULT.numberCharsMax),
    duplicateKeyDepthMax: lower(limits.duplicateKeyDepthMax, SCAN_LIMITS_DEFAULT.duplicateKeyDepthMax),
  };
}

/** Zero, a negative number and NaN are not "unlimited"; they leave the default in force. */
function lower(wanted: number | undefined, bound: number): number {
  return wanted !== undefined && wanted >= 1 && wanted < bound ? Math.floor(wanted) : bound;
}
