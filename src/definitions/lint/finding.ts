import type { JsonValue } from '../../platform/json.ts';

/** `error`: agents will fail or be misled. `warning`: they will do worse. `info`: worth a look. */
export type Severity = 'error' | 'warning' | 'info';

/** Lowest first, for sorting and for the worst of several. */
export const SEVERITY_RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** One change of a definition. `path` is a JSON Pointer (RFC 6901) into it; `add` also replaces. */
export type JsonEdit =
  | { readonly op: 'add'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

export interface LintFix {
  /**
   * True when the definition means the same afterwards, or only says what is
   * already so. An unsafe one has to be reviewed by a person.
   */
  readonly isSafe: boolean;
  readonly edits: readonly JsonEdit[];
}

/**
 * One thing that is wrong. `message` and `hint` are safe to print: whatever
 * they quote of a definition is escaped and stands between backticks. `tool`
 * and `path` are as the server sent them; a reporter escapes them.
 */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  /** Name of the tool, `''` for one without; undefined when the finding is not about a single tool. */
  readonly tool: string | undefined;
  /** Position of the tool in the list, which tells apart two of one name. */
  readonly toolIndex: number | undefined;
  /** JSON Pointer into the tool; without a tool, into the linted document. `''` is the whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly fix?: LintFix;
}
