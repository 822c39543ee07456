import { createHash } from 'node:crypto';
import { isJsonObject } from '../../platform/json.ts';
import type { Finding } from './finding.ts';

/** Findings that are known and accepted, so that a build fails only for new ones. */
export interface LintBaseline {
  readonly version: 1;
  /** Sorted fingerprints. */
  readonly findings: readonly string[];
}

/**
 * Identifies a finding across runs: rule, tool, place and message. Not the
 * position of the tool, which changes whenever one is added before it.
 */
export function fingerprint({ ruleId, tool, path, message }: Finding): string {
  const text = JSON.stringify([ruleId, tool ?? null, path, message]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function createBaseline(findings: readonly Finding[]): LintBaseline {
  return { version: 1, findings: [...new Set(findings.map(fingerprint))].sort() };
}

/** Reads a baseline that was written as JSON; undefined when it is none. */
export function parseBaseline(value: unknown): LintBaseline | undefined {
  if (!isJsonObject(value) || value['version'] !== 1 || !Array.isArray(value['findings'])) return undefined;
  const findings = value['findings'].filter((item): item is string => typeof item === 'string');
  return findings.length === value['findings'].length ? { version: 1, findings } : undefined;
}
