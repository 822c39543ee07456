import type { LintContract, LintDeclaredError } from './input.ts';
import type { ToolModel } from './model.ts';
import { eachTool, type Report, type Rule } from './rule.ts';

/** A check of the contracts of tools that have one. */
export function eachContract(
  check: (contract: LintContract, tool: ToolModel, report: Report) => void,
): Rule['check'] {
  return eachTool((tool, report) => {
    if (tool.contract !== undefined) check(tool.contract, tool, report);
  });
}

export interface DeclaredError {
  readonly code: string;
  readonly error: LintDeclaredError;
}

/** A check of each declared error. */
export function eachError(
  check: (declared: DeclaredError, tool: ToolModel, report: Report) => void,
): Rule['check'] {
  return eachContract((contract, tool, report) => {
    for (const [code, error] of Object.entries(contract.errors ?? {})) check({ code, error }, tool, report);
  });
}

/** True for a tool that changes something each time it is called. */
export function isRepeatable(tool: ToolModel): boolean {
  return (
    tool.isReadOnly || tool.annotations['idempotentHint'] === true || tool.contract?.isDeduplicated === true
  );
}
