import type { LintSnapshot } from './snapshot.ts';
import type { Severity } from './finding.ts';

/** What is linted. Everything in it may be malformed or hostile; nothing is believed. */
export interface LintInput {
  /** Tool definitions as in a `tools/list` result. */
  readonly tools: readonly unknown[];
  readonly resources?: readonly unknown[];
  readonly resourceTemplates?: readonly unknown[];
  readonly prompts?: readonly unknown[];
  readonly server?: LintServer;
  /** What is known of tools beyond their definitions, by tool name. Rules that need it are silent without. */
  readonly contracts?: Readonly<Record<string, LintContract>>;
  /** Other servers whose tools the same agent sees. */
  readonly peers?: readonly LintPeer[];
  /** What the gateway puts before the names of this server's tools. */
  readonly prefix?: string;
  /** An earlier state to compare with. */
  readonly snapshot?: LintSnapshot;
}

export interface LintServer {
  readonly name?: string;
  readonly version?: string;
  readonly instructions?: string;
  /** Version of the package that the server was started from. */
  readonly packageVersion?: string;
}

export interface LintPeer {
  readonly server: string;
  readonly prefix: string;
  readonly tools: readonly string[];
}

/** Facts of a tool that its author declares and a `tools/list` result does not carry. */
export interface LintContract {
  /** Declared errors by code. */
  readonly errors?: Readonly<Record<string, LintDeclaredError>>;
  /** Total deadline of one call, milliseconds. */
  readonly timeoutMs?: number;
  readonly responseBytesMax?: number;
  readonly rateLimit?: boolean;
  readonly concurrency?: boolean;
  /** The runtime repeats failed calls by itself. */
  readonly retries?: boolean;
  /** The runtime answers a repeated call with the first result. */
  readonly isDeduplicated?: boolean;
  /** The tool reports progress, or runs as a job. */
  readonly hasProgress?: boolean;
  /** Scopes that a caller needs. */
  readonly scopes?: readonly string[];
  /** Reasons for exceptions, by rule id. Believed: it comes from the author's own code. */
  readonly lint?: Readonly<Record<string, string>>;
}

export interface LintDeclaredError {
  readonly retryable?: boolean;
  readonly recovery?: string;
  readonly retryAfterMs?: number;
}

export type RuleSetting = Severity | 'off';
