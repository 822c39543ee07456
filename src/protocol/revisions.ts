/**
 * Revisions that share a wire vocabulary: `legacy` has a handshake
 * (`initialize`) and sessions, `modern` carries everything in each request.
 */
export type Era = 'modern' | 'legacy';

/** Modern revisions, newest first. */
export const MODERN_REVISIONS = ['2026-07-28'] as const;

/** Legacy revisions, newest first. */
export const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;

/** Every revision that is served, newest first. */
export const REVISIONS: readonly Revision[] = [...MODERN_REVISIONS, ...LEGACY_REVISIONS];

export type ModernRevision = (typeof MODERN_REVISIONS)[number];
export type LegacyRevision = (typeof LEGACY_REVISIONS)[number];
export type Revision = ModernRevision | LegacyRevision;

export const LATEST_MODERN_REVISION: ModernRevision = MODERN_REVISIONS[0];
export const LATEST_LEGACY_REVISION: LegacyRevision = LEGACY_REVISIONS[0];

/**
 * What a request without `MCP-Protocol-Version` header speaks: the header
 * exists since 2025-06-18 (2025-06-18 `basic/transports`, protocol version header).
 */
export const HEADERLESS_REVISION: LegacyRevision = '2025-03-26';

/** The only revision in which a batch is a valid message. */
export const BATCH_REVISION: LegacyRevision = '2025-03-26';

export function isModernRevision(text: string): text is ModernRevision {
  return text === '2026-07-28';
}

export function isLegacyRevision(text: string): text is LegacyRevision {
  return text === '2025-11-25' || text === '2025-06-18' || text === '2025-03-26';
}

export function eraOf(revision: Revision): Era {
  return isModernRevision(revision) ? 'modern' : 'legacy';
}

/**
 * The answer to `initialize`: the requested revision if it is served, else the
 * newest legacy one (2025-11-25 `basic/lifecycle`, version negotiation). A
 * modern revision is never an answer, because it has no handshake.
 */
export function negotiateLegacy(requested: unknown): LegacyRevision {
  return typeof requested === 'string' && isLegacyRevision(requested) ? requested : LATEST_LEGACY_REVISION;
}
