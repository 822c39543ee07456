import {
  parseBaseline,
  PRESETS,
  RULES,
  type LintBaseline,
  type LintException,
  type LintOptions,
  type Preset,
  type RuleSetting,
} from '../../definitions/lint/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { escapeForLog } from '../../platform/logger.ts';
import { LintUsageError, type LintFlags } from './lint-flags.ts';
import type { LintIo } from './lint-io.ts';

const SETTINGS: readonly string[] = ['off', 'info', 'warning', 'error'];

const IDS: ReadonlySet<string> = new Set(RULES.flatMap(({ id }) => [id, `${id.split('/')[0] ?? ''}/*`]));

function knownRule(id: string): string {
  if (!IDS.has(id))
    throw new LintUsageError(`There is no rule ${escapeForLog(id)}; \`breakwater lint rules\` lists them.`);
  return id;
}

function setting(id: string, value: unknown): RuleSetting {
  if (typeof value !== 'string' || !SETTINGS.includes(value)) {
    throw new LintUsageError(`The rule ${escapeForLog(id)} can be off, info, warning or error.`);
  }
  return value as RuleSetting;
}

/** `--rule id=severity`. */
function ruleFlags(flags: readonly string[]): Record<string, RuleSetting> {
  return Object.fromEntries(
    flags.map((flag) => {
      const at = flag.lastIndexOf('=');
      const id = knownRule(at === -1 ? flag : flag.slice(0, at));
      return [id, setting(id, at === -1 ? undefined : flag.slice(at + 1))];
    }),
  );
}

/** `--ignore id=reason` and `--ignore id@tool=reason`. */
function ignoreFlags(flags: readonly string[]): LintException[] {
  return flags.map((flag) => {
    const at = flag.indexOf('=');
    const reason = at === -1 ? '' : flag.slice(at + 1).trim();
    const [rule = '', tool] = (at === -1 ? flag : flag.slice(0, at)).split('@', 2);
    return exception(knownRule(rule), tool, reason);
  });
}

function exception(rule: string, tool: string | undefined, reason: string): LintException {
  if (reason === '') throw new LintUsageError(`The exception from ${escapeForLog(rule)} needs a reason.`);
  return { rule, reason, ...(tool === undefined ? {} : { tool }) };
}

interface FileSettings {
  readonly preset?: Preset;
  readonly rules: Record<string, RuleSetting>;
  readonly exceptions: readonly LintException[];
  readonly maxWarnings?: number;
}

const MEMBERS: readonly string[] = ['$schema', 'preset', 'rules', 'exceptions', 'maxWarnings'];

/** The file of `--config`: `{"preset", "rules": {id: severity}, "exceptions": [{rule, tool?, reason}], "maxWarnings"}`. */
function parseSettings(document: JsonValue, file: string): FileSettings {
  const name = escapeForLog(file);
  if (!isJsonObject(document)) throw new LintUsageError(`${name} is not an object.`);
  const unknown = Object.keys(document).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined)
    throw new LintUsageError(`${name} has the unknown member ${escapeForLog(unknown)}.`);
  const { preset, rules = {}, exceptions = [], maxWarnings } = document as JsonObject;
  const isPreset = (value: JsonValue | undefined): value is Preset => PRESETS.some((one) => one === value);
  if (preset !== undefined && !isPreset(preset))
    throw new LintUsageError(`${name}: preset is one of ${PRESETS.join(', ')}.`);
  if (!isJsonObject(rules))
    throw new LintUsageError(`${name}: rules is an object of rule ids and severities.`);
  if (!Array.isArray(exceptions)) throw new LintUsageError(`${name}: exceptions is a list.`);
  if (maxWarnings !== undefined && !(Number.isInteger(maxWarnings) && Number(maxWarnings) >= 0)) {
    throw new LintUsageError(`${name}: maxWarnings is a whole number.`);
  }
  return {
    ...(isPreset(preset) ? { preset } : {}),
    rules: Object.fromEntries(
      Object.entries(rules).map(([id, value]) => [knownRule(id), setting(id, value)]),
    ),
    exceptions: exceptions.map((entry) => fileException(entry, name)),
    ...(typeof maxWarnings === 'number' ? { maxWarnings } : {}),
  };
}

function fileException(entry: JsonValue, name: string): LintException {
  const { rule, tool, reason } = isJsonObject(entry) ? entry : {};
  if (
    typeof rule !== 'string' ||
    typeof reason !== 'string' ||
    !(tool === undefined || typeof tool === 'string')
  ) {
    throw new LintUsageError(`${name}: an exception has a rule, a reason, and perhaps a tool.`);
  }
  return exception(knownRule(rule), tool, reason.trim());
}

/** Parses a file that must be JSON. Throws LintUsageError. */
export async function readJson(file: string, io: LintIo): Promise<JsonValue> {
  const text = await io.readText(file);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new LintUsageError(`${escapeForLog(file)} is not JSON.`);
  }
}

async function readBaseline(file: string, io: LintIo): Promise<LintBaseline> {
  const baseline = parseBaseline(await readJson(file, io));
  if (baseline === undefined) throw new LintUsageError(`${escapeForLog(file)} is not a baseline.`);
  return baseline;
}

export interface LintSettings {
  readonly options: LintOptions;
  /** Warnings that are still a success. */
  readonly maxWarnings: number;
}

/** Everything that decides about findings: flags over the file of `--config` over the defaults. */
export async function readSettings(flags: LintFlags, io: LintIo): Promise<LintSettings> {
  const file: FileSettings =
    flags.config === undefined
      ? { rules: {}, exceptions: [] }
      : parseSettings(await readJson(flags.config, io), flags.config);
  const baseline = flags.baseline === undefined ? undefined : await readBaseline(flags.baseline, io);
  return {
    options: {
      // A default of the command line is no choice, and does not beat one in the file.
      preset: flags.preset === 'recommended' ? (file.preset ?? 'recommended') : flags.preset,
      rules: { ...file.rules, ...ruleFlags(flags.rule) },
      exceptions: [...file.exceptions, ...ignoreFlags(flags.ignore)],
      trustDefinitions: flags.trustDefinitions === true,
      ...(baseline === undefined ? {} : { baseline }),
    },
    maxWarnings: flags.maxWarnings === 0 ? (file.maxWarnings ?? 0) : flags.maxWarnings,
  };
}
