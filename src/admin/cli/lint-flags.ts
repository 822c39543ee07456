/** Flags of `breakwater lint` and its subcommands. */
export interface LintFlags {
  readonly server: readonly string[];
  readonly header: readonly string[];
  readonly bearerEnv?: string;
  readonly env: readonly string[];
  readonly timeoutMs: number;
  readonly preset: 'recommended' | 'strict' | 'security' | 'directory';
  readonly rule: readonly string[];
  readonly ignore: readonly string[];
  readonly config?: string;
  readonly trustDefinitions?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly maxWarnings: number;
  readonly format: 'human' | 'json' | 'sarif' | 'github' | 'markdown';
  readonly json?: boolean;
  readonly output?: string;
  readonly verbose?: boolean;
  readonly fix?: boolean;
  readonly fixUnsafe?: boolean;
  readonly rules?: boolean;
}

/** What to lint, as the command line has it. */
export interface LintRequest {
  readonly target: string | undefined;
  /** Command and arguments behind `--`. */
  readonly command: readonly string[];
  readonly flags: LintFlags;
}

/** A mistake of whoever called the command; its message is printed, and nothing is linted. */
export class LintUsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LintUsageError';
  }
}
