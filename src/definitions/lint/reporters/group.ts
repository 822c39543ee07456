import type { Finding, Severity } from '../finding.ts';

/** Findings of one rule at one severity. */
export interface FindingGroup {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** Puts findings of one rule and severity together; the order of the report is kept. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.ruleId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group): FindingGroup[] => {
    const [first] = group;
    return first === undefined ? [] : [{ ruleId: first.ruleId, severity: first.severity, findings: group }];
  });
}

/** The tools of some findings, once each, in the order of the findings. */
export function toolsOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.flatMap(({ tool }) => (tool === undefined ? [] : [tool])))];
}
