export { applyFixes, type FixedTools, type FixOptions } from './apply-fixes.ts';
export { createBaseline, parseBaseline, type LintBaseline } from './baseline.ts';
export { lint, type LintException, type LintOptions, type LintReport } from './engine.ts';
export { lintInputOf, type LintedDefinitions } from './from-definitions.ts';
export type { Finding, JsonEdit, LintFix, Severity } from './finding.ts';
export type {
  LintContract,
  LintDeclaredError,
  LintInput,
  LintPeer,
  LintServer,
  RuleSetting,
} from './input.ts';
export { PRESETS, presetSeverity, type Preset } from './presets.ts';
export { escapeUnseen } from './quote.ts';
export { reportGithub } from './reporters/github.ts';
export { reportHuman, type HumanOptions } from './reporters/human.ts';
export { reportJson } from './reporters/json.ts';
export { reportMarkdown } from './reporters/markdown.ts';
export type { LintRun, NamedReport } from './reporters/run.ts';
export { reportSarif } from './reporters/sarif.ts';
export type { Provenance, Rule } from './rule.ts';
export { RULES } from './rules/index.ts';
export { safeJson } from './safe-json.ts';
export { createSnapshot, parseSnapshot, type LintSnapshot, type SnapshotTool } from './snapshot.ts';
export { SOURCES, type SourceKey } from './sources.ts';
export type { TokenReport, ToolTokens, TokenSavings } from './tokens.ts';
