import type { LintReport } from '../engine.ts';

/** The report on one server or file, with the name that people know it by. */
export interface NamedReport {
  /** What was linted: a file, a URL, a command, or the name of a server. From outside: escape it. */
  readonly target: string;
  readonly report: LintReport;
}

/** What one run of the linter has to say. */
export interface LintRun {
  /** What was asked for. */
  readonly target: string;
  readonly reports: readonly NamedReport[];
  /** Servers that could not be linted, each with a sentence that says why. Never clean. */
  readonly failures: readonly { readonly target: string; readonly reason: string }[];
}
