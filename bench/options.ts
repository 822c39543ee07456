/** What one benchmark run does; made from the command line by `parseOptions`. */
export interface BenchOptions {
  /** Names of the targets, in the order of the printed table. */
  readonly targets: readonly TargetName[];
  readonly rounds: number;
  /** Parallel keep-alive connections of the load generator, one cell per entry. */
  readonly connections: readonly number[];
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Bytes of the `result` object that the upstream answers. */
  readonly resultBytes: number;
  /** Writes `bench/results/<date>-<machine>.json`. */
  readonly write: boolean;
}

export const TARGET_NAMES = ['direct', 'pass-through', 'breakwater', 'sdk-proxy', 'mcp-proxy'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

/** The wrapper of a text result needs this much; a smaller result has no text to check. */
const RESULT_BYTES_MIN = 100;
/** Breakwater's own response cap is 2 MiB; beyond it the row would measure refusals. */
const RESULT_BYTES_MAX = 2 * 1024 * 1024 - 1024;

export const USAGE = `npm run bench -- [options]
  --quick               one short pass for a sanity check, about a minute
  --write               keep the numbers in bench/results/
  --body BYTES          size of the upstream's result object, default 200 (try 65536, 1048576)
  --connections LIST    default 1,16
  --rounds N            default 3
  --seconds N           measured seconds per cell, default 4
  --targets LIST        default ${TARGET_NAMES.join(',')}
`;

/** Turns command-line words into options. Returns a message for the user when they make no sense. */
export function parseOptions(words: readonly string[]): BenchOptions | { readonly problem: string } {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--quick' || word === '--write') {
      flags.add(word);
      continue;
    }
    const value = words[index + 1];
    if (
      !['--body', '--connections', '--rounds', '--seconds', '--targets'].includes(word) ||
      value === undefined
    ) {
      return { problem: `unknown or incomplete option ${word}` };
    }
    values.set(word, value);
    index += 1;
  }
  const quick = flags.has('--quick');
  const resultBytes = Number(values.get('--body') ?? 200);
  const rounds = Number(values.get('--rounds') ?? (quick ? 2 : 3));
  const seconds = Number(values.get('--seconds') ?? (quick ? 1.5 : 4));
  const connections = (values.get('--connections') ?? '1,16').split(',').map(Number);
  const targets = (values.get('--targets') ?? TARGET_NAMES.join(',')).split(',');

  if (!(resultBytes >= RESULT_BYTES_MIN && resultBytes <= RESULT_BYTES_MAX)) {
    return { problem: `--body must be ${RESULT_BYTES_MIN} to ${RESULT_BYTES_MAX}` };
  }
  if (!isCount(rounds, 20) || !(seconds > 0 && seconds <= 120))
    return { problem: '--rounds 1–20, --seconds up to 120' };
  if (!connections.every((count) => isCount(count, 256)))
    return { problem: '--connections must be 1 to 256 each' };
  if (!targets.every(isTargetName)) return { problem: `--targets must be among ${TARGET_NAMES.join(', ')}` };
  return {
    targets,
    rounds,
    connections,
    warmUpMs: quick ? 400 : 1000,
    measureMs: seconds * 1000,
    resultBytes,
    write: flags.has('--write'),
  };
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}

function isTargetName(name: string): name is TargetName {
  return (TARGET_NAMES as readonly string[]).includes(name);
}
