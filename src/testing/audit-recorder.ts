import type { AuditEntry, AuditWriter } from '../server/index.ts';
import type { ToolAnswer } from './in-memory-client.ts';

/** An audit in memory: pass it as `audit` of `createServer`, and ask it what was recorded. */
export class AuditRecorder implements AuditWriter {
  readonly entries: AuditEntry[] = [];
  /** Set it to see what a server does when it cannot record. */
  isBroken = false;

  write(entry: AuditEntry): void {
    if (this.isBroken) throw new Error('the audit is broken on purpose');
    this.entries.push(entry);
  }

  /** Finished calls, in the order in which they ended. */
  get outcomes(): readonly AuditEntry[] {
    return this.entries.filter((entry) => entry.event === 'outcome');
  }

  /** The one outcome that matches; throws, listing what was recorded, when there is none or more than one. */
  one(expected: Partial<AuditEntry>): AuditEntry {
    const found = this.outcomes.filter((entry) => matches(entry, expected));
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    const recorded = this.outcomes
      .map((entry) => `${entry.method} ${entry.subject ?? ''} ${entry.code ?? 'ok'}`)
      .join('\n');
    throw new Error(
      `${String(found.length)} audit records match ${JSON.stringify(expected)}; recorded:\n${recorded}`,
    );
  }
}

function matches(entry: AuditEntry, expected: Partial<AuditEntry>): boolean {
  return Object.entries(expected).every(([name, value]) => entry[name as keyof AuditEntry] === value);
}

/** Throws unless the answer is an error with this code; returns the error object otherwise. */
export function assertRefused(answer: ToolAnswer, code: string): NonNullable<ToolAnswer['error']> {
  const { error } = answer;
  if (error?.['code'] === code) return error;
  const got =
    error === undefined ? `the result ${answer.text.slice(0, 200)}` : `the error ${String(error['code'])}`;
  throw new Error(`expected the error ${code}, got ${got}`);
}
