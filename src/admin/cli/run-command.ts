import { ApiClient, CliFailure } from './api-client.ts';
import { EXIT } from './exit-codes.ts';

export interface OutputFlags {
  readonly json?: boolean;
}

/**
 * Runs one command against the admin surface and returns the exit code. What
 * goes wrong is one line on stderr; with `--json` the error object.
 */
export async function runCommand(
  flags: OutputFlags,
  fn: (client: ApiClient) => Promise<void>,
): Promise<number> {
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
  });
  try {
    await fn(new ApiClient(process.env));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const text =
      flags.json === true
        ? JSON.stringify(error.answer ?? { status: 'error', message: error.message })
        : `breakwater: ${error.message}`;
    process.stderr.write(`${text}\n`);
    return error.exitCode;
  }
}

/** Writes to stdout and waits until it is taken: the process ends right after the command. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => {
      resolve();
    });
  });
}

/** One line of JSON for programs, or text for people. */
export async function printResult(flags: OutputFlags, result: unknown, text: string): Promise<void> {
  await print(flags.json === true ? `${JSON.stringify(result)}\n` : text);
}
