import { isJsonObject } from '../../platform/json.ts';
import { LINT_FINDINGS_MAX } from '../../platform/limits.ts';
import { SEVERITY_RANK, type Finding, type Severity } from './finding.ts';
import type { LintInput, RuleSetting } from './input.ts';
import { fingerprint, type LintBaseline } from './baseline.ts';
import { buildModel, type LintModel } from './model.ts';
import { presetSeverity, type Preset } from './presets.ts';
import { quote } from './quote.ts';
import type { Draft, Rule } from './rule.ts';
import { RULES } from './rules/index.ts';
import { estimateTokens, type TokenReport } from './tokens.ts';

/** An exception, with the reason that whoever reads it later needs. */
export interface LintException {
  /** Rule id, or `family/*`. */
  readonly rule: string;
  /** Name of the tool; undefined: every tool. */
  readonly tool?: string;
  readonly reason: string;
}

export interface LintOptions {
  /** Default `recommended`. */
  readonly preset?: Preset;
  /** Severities by rule id or `family/*`; the exact id wins. They hold for all grades of a rule. */
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly exceptions?: readonly LintException[];
  /**
   * Honour exceptions that stand in the definitions themselves, under
   * `_meta["dev.breakwater/lint"]` as rule id → reason. Only for definitions of
   * one's own: a stranger would switch off what finds him out. Default false.
   */
  readonly trustDefinitions?: boolean;
  /** Findings that are known already. */
  readonly baseline?: LintBaseline;
}

export interface LintReport {
  /** The worst first, then in the order of rule ids and tools. */
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<Severity, number>>;
  readonly tools: number;
  readonly tokens: TokenReport;
  /** Findings that an exception or the baseline took out. */
  readonly suppressed: number;
  /** Exceptions that took out nothing, and others that do not count. For people; safe to print. */
  readonly notes: readonly string[];
}

/** Member of `_meta` in which an author states exceptions. */
const META_KEY = 'dev.breakwater/lint';

/**
 * Lints the definitions of a server. Pure: reads no clock and no file, opens
 * no connection, calls no tool; the same input gives the same report. Its time
 * and memory are bounded whatever the input is; what was too large to be
 * examined is a finding of `server/examined`. Never throws for its input.
 */
export function lint(input: LintInput, options: LintOptions = {}): LintReport {
  const model = buildModel(input);
  const collected = new Collector(options);
  for (const rule of RULES) collected.run(rule, model);
  const { findings, suppressed } = collected.finish();
  const counts = { error: 0, warning: 0, info: 0 };
  for (const finding of findings) counts[finding.severity] += 1;
  return {
    findings,
    counts,
    tools: model.toolCount,
    tokens: estimateTokens(model),
    suppressed,
    notes: collected.notes(),
  };
}

/** Runs one rule alone, at its severity in the preset `strict`. */
export function runRule(rule: Rule, input: LintInput): readonly Finding[] {
  const collected = new Collector({ preset: 'strict' });
  collected.run(rule, buildModel(input));
  return collected.finish().findings;
}

class Collector {
  readonly #options: LintOptions;
  readonly #findings: Finding[] = [];
  readonly #used = new Set<LintException>();
  readonly #known: ReadonlySet<string>;
  #suppressed = 0;
  #isCut = false;

  constructor(options: LintOptions) {
    this.#options = options;
    this.#known = new Set(options.baseline?.findings);
  }

  run(rule: Rule, model: LintModel): void {
    const setting = this.#settingOf(rule);
    const preset = presetSeverity(rule, this.#options.preset ?? 'recommended');
    const severity = setting ?? preset;
    if (severity === 'off' && rule.isAlwaysOn !== true) return;
    const base = severity === 'off' ? rule.severity : severity;
    const isStrict = this.#options.preset === 'strict' && rule.strict !== undefined;
    rule.check(model, (draft) => {
      // A configured severity, and one that `strict` raises, hold for every grade.
      this.#add(rule, draft, setting === undefined && !isStrict ? (draft.severity ?? base) : base);
    });
  }

  finish(): { readonly findings: readonly Finding[]; readonly suppressed: number } {
    const findings = this.#findings.sort(
      (a, b) =>
        SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] ||
        (a.ruleId < b.ruleId ? -1 : Number(a.ruleId > b.ruleId)) ||
        (a.toolIndex ?? -1) - (b.toolIndex ?? -1),
    );
    return { findings, suppressed: this.#suppressed };
  }

  notes(): string[] {
    const unused = (this.#options.exceptions ?? []).filter((exception) => !this.#used.has(exception));
    const notes = unused.slice(0, 20).map(({ rule, tool }) => {
      return `The exception from ${quote(rule)}${tool === undefined ? '' : ` for ${quote(tool)}`} matches nothing.`;
    });
    if (this.#isCut) notes.push(`Only the first ${LINT_FINDINGS_MAX} findings are kept.`);
    return notes;
  }

  #settingOf(rule: Rule): RuleSetting | undefined {
    const { rules } = this.#options;
    if (rules === undefined) return undefined;
    for (const key of [rule.id, `${rule.id.split('/')[0] ?? ''}/*`]) {
      if (Object.hasOwn(rules, key)) return rules[key];
    }
    return undefined;
  }

  #add(rule: Rule, draft: Draft, severity: Severity): void {
    const { tool } = draft;
    const finding: Finding = {
      ruleId: rule.id,
      severity,
      tool: tool?.name ?? draft.toolName,
      toolIndex: tool?.index,
      path: draft.path ?? '',
      message: draft.message,
      hint: draft.hint ?? rule.hint,
      ...(draft.fix === undefined ? {} : { fix: draft.fix }),
    };
    if (rule.isAlwaysOn !== true && this.#isAccepted(finding, draft)) {
      this.#suppressed += 1;
    } else if (this.#findings.length < LINT_FINDINGS_MAX) {
      this.#findings.push(finding);
    } else {
      this.#isCut = true;
    }
  }

  #isAccepted(finding: Finding, { tool }: Draft): boolean {
    const family = `${finding.ruleId.split('/')[0] ?? ''}/*`;
    const exception = (this.#options.exceptions ?? []).find(
      (one) =>
        (one.rule === finding.ruleId || one.rule === family) &&
        (one.tool === undefined || one.tool === finding.tool),
    );
    if (exception !== undefined) {
      this.#used.add(exception);
      return true;
    }
    if (hasReason(tool?.contract?.lint, finding.ruleId)) return true;
    const meta = tool?.raw['_meta'];
    if (
      this.#options.trustDefinitions === true &&
      isJsonObject(meta) &&
      hasReason(meta[META_KEY], finding.ruleId)
    ) {
      return true;
    }
    return this.#known.size > 0 && this.#known.has(fingerprint(finding));
  }
}

/** An exception without a reason is none. */
function hasReason(exceptions: unknown, ruleId: string): boolean {
  if (!isJsonObject(exceptions) || !Object.hasOwn(exceptions, ruleId)) return false;
  const reason = exceptions[ruleId];
  return typeof reason === 'string' && reason.trim() !== '';
}
