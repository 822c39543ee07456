import type { ConfigProblem, ConfigWarning, RefusedServer } from './gateway-config.ts';
import type { JsonPath, TextPosition } from './json-source.ts';
import { formatPath } from './json-source.ts';

/** What is wrong at one place; the report adds where that is. */
export interface Mistake {
  readonly expected: string;
  readonly found: string;
  readonly hint?: string | undefined;
}

/** Why a server is left out. */
export interface Refusal {
  readonly server: string;
  readonly path: JsonPath;
  readonly reason: string;
  readonly unsetVariables?: readonly string[];
}

/** Collects everything that is to be said about one file, so that all of it is said at once. */
export class ConfigReport {
  readonly problems: ConfigProblem[] = [];
  readonly warnings: ConfigWarning[] = [];
  readonly refusedServers: RefusedServer[] = [];
  readonly #file: string;
  readonly #locate: (path: JsonPath) => TextPosition | undefined;

  constructor(file: string, locate: (path: JsonPath) => TextPosition | undefined) {
    this.#file = file;
    this.#locate = locate;
  }

  problem(path: JsonPath, mistake: Mistake): void {
    const { expected, found, hint } = mistake;
    this.problems.push({ ...this.#place(path), expected, found, hint });
  }

  warn(path: JsonPath, message: string): void {
    this.warnings.push({ ...this.#place(path), message });
  }

  refuse(refusal: Refusal): void {
    const { server, path, reason, unsetVariables = [] } = refusal;
    this.refusedServers.push({ ...this.#place(path), server, reason, unsetVariables });
  }

  #place(path: JsonPath): { file: string; path: string; position: TextPosition | undefined } {
    return { file: this.#file, path: formatPath(path), position: this.#locate(path) };
  }
}

/**
 * Names what was found by its type. A number is shown where `isPublic` says
 * that it is a setting; strings never are, since any of them may be a
 * credential that went into the wrong place.
 */
export function describeFound(value: unknown, isPublic: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value === '') return 'an empty string';
  if (typeof value === 'number' && isPublic) return `the number ${value}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
