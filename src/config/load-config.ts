import { isJsonObject } from '../platform/json.ts';
import { bundledDocument, readDocument } from './document.ts';
import type { ConfigProblem, ConfigWarning, GatewayConfig, RefusedServer } from './gateway-config.ts';
import type { TextPosition } from './json-source.ts';
import { parseJson } from './parse-json.ts';
import type { ReadFile } from './read-config-file.ts';
import { decodeConfig, describeReadFailure, readConfigFile } from './read-config-file.ts';
import { ConfigReport, describeFound } from './report.ts';
import { resolveFile } from './resolve-file.ts';

export interface LoadConfigOptions {
  /** File to read. Undefined: the built-in default, which fronts the bundled example server. */
  readonly file?: string | undefined;
  /** Where variables come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile?: ReadFile;
}

export type LoadConfigResult =
  | {
      readonly ok: true;
      readonly config: GatewayConfig;
      readonly warnings: readonly ConfigWarning[];
      readonly refusedServers: readonly RefusedServer[];
    }
  | {
      readonly ok: false;
      /** At least one. */
      readonly problems: readonly ConfigProblem[];
      readonly warnings: readonly ConfigWarning[];
      readonly refusedServers: readonly RefusedServer[];
    };

/** Stands for the file in reports about the built-in default. */
const BUILT_IN = '(built-in default)';

/**
 * Loads `breakwater.json` or the file of an MCP client. Starts nothing and
 * never throws for what is in the file: either a complete configuration, or
 * all of its mistakes at once. A server that cannot be served (an unset
 * variable, an unsupported transport) is in `refusedServers` and does not
 * hinder the others.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadConfigResult> {
  const { file, env } = options;
  if (file === undefined) {
    const report = new ConfigReport(BUILT_IN, () => undefined);
    return conclude(report, resolveFile(bundledDocument(undefined, process.cwd()), { env, report }));
  }
  let bytes: Uint8Array;
  try {
    bytes = await (options.readFile ?? readConfigFile)(file);
  } catch (error) {
    return unreadable(file, 'a readable file', describeReadFailure(error));
  }
  const decoded = decodeConfig(bytes);
  if (!decoded.ok) return unreadable(file, decoded.expected, decoded.found);
  return parseConfig({ file, text: decoded.text, env });
}

export interface ParseConfigOptions {
  /** Name of the file, for reports, for telling a client's file by its name, and as the base of relative folders. */
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `loadConfig` does once the text is there; touches no disk. */
export function parseConfig(options: ParseConfigOptions): LoadConfigResult {
  const { file, text, env } = options;
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { position, expected, found } = parsed.problem;
    const problem = { file, path: '', position, expected, found, hint: undefined };
    return { ok: false, problems: [problem], warnings: [], refusedServers: [] };
  }
  const report = new ConfigReport(file, parsed.locate);
  for (const path of parsed.duplicates) {
    report.problem(path, { expected: 'each key once', found: 'a key that this object already has' });
  }
  if (!isJsonObject(parsed.value)) {
    report.problem([], { expected: 'an object', found: describeFound(parsed.value, false) });
    return conclude(report, undefined);
  }
  const document = readDocument(file, parsed.value, report);
  return conclude(report, resolveFile(document, { env, report }));
}

function unreadable(file: string, expected: string, found: string): LoadConfigResult {
  const problem = { file, path: '', position: undefined, expected, found, hint: undefined };
  return { ok: false, problems: [problem], warnings: [], refusedServers: [] };
}

function conclude(report: ConfigReport, config: GatewayConfig | undefined): LoadConfigResult {
  const { problems, warnings, refusedServers } = report;
  // In the order of the file, whatever was checked first: that is how they are mended.
  for (const findings of [problems, warnings, refusedServers]) findings.sort(byPosition);
  if (config === undefined || problems.length > 0) return { ok: false, problems, warnings, refusedServers };
  return { ok: true, config, warnings, refusedServers };
}

function byPosition(
  a: { position: TextPosition | undefined },
  b: { position: TextPosition | undefined },
): number {
  const lines = (a.position?.line ?? 0) - (b.position?.line ?? 0);
  return lines === 0 ? (a.position?.column ?? 0) - (b.position?.column ?? 0) : lines;
}
