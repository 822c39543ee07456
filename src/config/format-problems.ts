import { escapeForLog } from '../platform/logger.ts';
import type { ConfigProblem, ConfigWarning, RefusedServer } from './gateway-config.ts';
import type { TextPosition } from './json-source.ts';

/**
 * Lines of one kind that are printed. Fifty fill a tall terminal; a file with
 * more mistakes is of another format, and the rest would only push the first
 * ones out of sight.
 */
export const PRINTED_MAX = 50;

/** What `loadConfig` had to say, whatever its outcome. */
export interface ConfigFindings {
  readonly problems?: readonly ConfigProblem[];
  readonly refusedServers?: readonly RefusedServer[];
  readonly warnings?: readonly ConfigWarning[];
}

interface Line {
  readonly file: string;
  readonly place: string;
  readonly path: string;
  readonly text: string;
}

function place(position: TextPosition | undefined): string {
  return position === undefined ? '' : `${position.line}:${position.column}`;
}

function problemLine(problem: ConfigProblem): Line {
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  const text = `expected ${problem.expected}, found ${problem.found}${hint}`;
  return { file: problem.file, place: place(problem.position), path: problem.path, text };
}

function refusalLine(refused: RefusedServer): Line {
  const text = `server ${refused.server} is not served: ${refused.reason}`;
  return { file: refused.file, place: place(refused.position), path: refused.path, text };
}

function warningLine(warning: ConfigWarning): Line {
  return { file: warning.file, place: place(warning.position), path: warning.path, text: warning.message };
}

/** One block per file: its name, then one aligned line per finding. Names come from files, so controls are escaped. */
function block(title: string, lines: readonly Line[]): string[] {
  const out: string[] = [];
  const printed = lines.slice(0, PRINTED_MAX);
  for (const file of new Set(printed.map((line) => line.file))) {
    const own = printed.filter((line) => line.file === file);
    const placeWidth = Math.max(...own.map((line) => line.place.length));
    const pathWidth = Math.min(48, Math.max(...own.map((line) => line.path.length)));
    out.push(`${title} in ${escapeForLog(file)}:`);
    for (const line of own) {
      const path = escapeForLog(line.path).padEnd(pathWidth);
      out.push(`  ${line.place.padEnd(placeWidth)}  ${path}  ${escapeForLog(line.text)}`.trimEnd());
    }
  }
  if (lines.length > printed.length) out.push(`  +${lines.length - printed.length} more`);
  return out;
}

/** Everything that was found, for a terminal. Ends with a line break; empty when there is nothing to say. */
export function formatFindings(findings: ConfigFindings): string {
  const { problems = [], refusedServers = [], warnings = [] } = findings;
  const lines = [
    ...block(problems.length === 1 ? '1 problem' : `${problems.length} problems`, problems.map(problemLine)),
    ...block('Not served', refusedServers.map(refusalLine)),
    ...block('Warnings', warnings.map(warningLine)),
  ];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** The same as data, for `--json` and for other programs. Stable member names; absent members are left out. */
export function findingsToJson(findings: ConfigFindings): {
  problems: object[];
  refused_servers: object[];
  warnings: object[];
} {
  const { problems = [], refusedServers = [], warnings = [] } = findings;
  return {
    problems: problems.map(({ file, path, position, expected, found, hint }) => ({
      file,
      path,
      ...position,
      expected,
      found,
      ...(hint === undefined ? {} : { hint }),
    })),
    refused_servers: refusedServers.map(({ file, server, path, position, reason, unsetVariables }) => ({
      server,
      file,
      path,
      ...position,
      reason,
      unset_variables: [...unsetVariables],
    })),
    warnings: warnings.map(({ file, path, position, message }) => ({ file, path, ...position, message })),
  };
}
