/** What one client knows of one call. */
export interface ClientEntry {
  /** Unique per call; it is the trace id, so it is in the audit row, and an argument, so the upstream sees it. */
  readonly marker: string;
  /** Undefined: the connection broke, and the client does not know. */
  answer: 'success' | 'refused' | undefined;
}

/** A row of the audit log, as far as it is compared. */
export interface AuditEntry {
  readonly marker: string;
  readonly status: string;
  readonly outcome: string;
  readonly commitState: string | null;
}

export interface Journals {
  readonly client: readonly ClientEntry[];
  /** One entry per execution: a marker that is here twice was executed twice. */
  readonly upstream: readonly string[];
  readonly audit: readonly AuditEntry[];
}

export interface Reconciliation {
  readonly calls: number;
  readonly executed: number;
  readonly abandoned: number;
  /** What must not be; empty when the three journals agree. */
  readonly violations: readonly string[];
}

/**
 * Compares what clients, upstream and audit log say of the same calls, after
 * the gateway has been killed and started again.
 */
export function reconcile({ client, upstream, audit }: Journals): Reconciliation {
  const violations: string[] = [];
  const rows = grouped(audit.map((row) => [row.marker, row] as const));
  const executions = grouped(upstream.map((marker) => [marker, marker] as const));
  for (const [marker, times] of executions) {
    const found = rows.get(marker) ?? [];
    if (times.length > 1) violations.push(`${marker} was executed ${String(times.length)} times`);
    if (found.length !== 1) violations.push(`${marker} was executed and has ${String(found.length)} rows`);
  }
  let abandoned = 0;
  for (const [marker, found] of rows) {
    if (found.length > 1) violations.push(`${marker} has ${String(found.length)} rows`);
    for (const row of found) violations.push(...contradictions(row, executions.has(marker)));
    if (found.some(({ outcome }) => outcome === 'abandoned')) abandoned += 1;
  }
  for (const { marker, answer } of client) {
    const [row] = rows.get(marker) ?? [];
    if (answer !== undefined && row === undefined) violations.push(`${marker} was answered and has no row`);
    if (answer === 'success' && !executions.has(marker))
      violations.push(`${marker} succeeded without being executed`);
    if (answer === 'success' && row !== undefined && row.status !== 'success')
      violations.push(`${marker} was answered with success and its row says ${row.status}`);
  }
  return { calls: client.length, executed: executions.size, abandoned, violations };
}

function contradictions(row: AuditEntry, isExecuted: boolean): string[] {
  const { marker, status, outcome, commitState } = row;
  if (status === 'success') return isExecuted ? [] : [`${marker} claims success and was never executed`];
  // Only two things may be said of an executed call that did not succeed: that it failed, or that nobody knows.
  if (isExecuted && outcome === 'refused') return [`${marker} claims that it was refused and was executed`];
  if (outcome === 'abandoned' && commitState !== 'unknown')
    return [`${marker} is abandoned and does not say that its effect is unknown`];
  return [];
}

function grouped<T>(entries: readonly (readonly [string, T])[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
