import type { LintFix, Severity } from './finding.ts';
import type { LintInput } from './input.ts';
import type { LintModel, ParamModel, ToolModel } from './model.ts';
import type { SourceKey } from './sources.ts';

/** What a rule rests on. `security` decides what the preset of that name contains. */
export type Provenance = 'spec' | 'portability' | 'security' | 'guideline' | 'heuristic';

/** A finding as a rule makes it; the engine adds the rest. */
export interface Draft {
  readonly tool?: ToolModel;
  /** Name of a tool that is not in the list any more. */
  readonly toolName?: string;
  /** JSON Pointer into the tool, or without a tool into the document. Default: the whole. */
  readonly path?: string;
  /** What is wrong, as a sentence. Text of a definition only through `quote`. */
  readonly message: string;
  /** Default: the rule's. */
  readonly hint?: string;
  /** For rules with grades; a configured severity still wins. */
  readonly severity?: Severity;
  readonly fix?: LintFix;
}

export type Report = (draft: Draft) => void;

export interface Rule {
  /** `family/name`; also the path of its file. */
  readonly id: string;
  /** In the preset `recommended`. */
  readonly severity: Severity;
  /** In the preset `strict`, where it differs. */
  readonly strict?: Severity;
  readonly provenance: Provenance;
  /** What the rule demands, one sentence. */
  readonly summary: string;
  /** Why: what happens to agents or people otherwise. */
  readonly rationale: string;
  /** What to do about a finding. */
  readonly hint: string;
  readonly sources: readonly SourceKey[];
  /** Whether it can mend what it finds; `unsafe` needs a review. */
  readonly fix?: 'safe' | 'unsafe';
  /** Never switched off: without it, "no finding" could mean "not examined". */
  readonly isAlwaysOn?: true;
  /** Fires exactly this rule, and no other one even in the preset `strict`. */
  readonly bad: LintInput;
  /** Fires nothing. */
  readonly good: LintInput;
  readonly check: (model: LintModel, report: Report) => void;
}

/** A check of each tool by itself. */
export function eachTool(check: (tool: ToolModel, report: Report) => void): Rule['check'] {
  return (model, report) => {
    for (const tool of model.tools) check(tool, report);
  };
}

/** Reports about one parameter; the pointer to it is filled in, and `at` leads on from there. */
export type ParamReport = (draft: Omit<Draft, 'tool' | 'path'> & { readonly at?: string }) => void;

/** A check of each named member of the input schemas, at every depth. */
export function eachParam(
  check: (param: ParamModel, report: ParamReport, tool: ToolModel) => void,
): Rule['check'] {
  return eachTool((tool, report) => {
    for (const param of tool.params) {
      check(param, ({ at = '', ...draft }) => report({ ...draft, tool, path: `${param.path}${at}` }), tool);
    }
  });
}
