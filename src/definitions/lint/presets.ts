import type { RuleSetting } from './input.ts';
import type { Rule } from './rule.ts';

/**
 * `recommended`: what helps on servers that others wrote; nothing that fires
 * on most respected ones is more than an info. `strict`: for definitions of
 * one's own. `security`: only what can hurt the person in front of the agent.
 * `directory`: what the directories of the large hosts ask of a submission.
 */
export const PRESETS = ['recommended', 'strict', 'security', 'directory'] as const;

export type Preset = (typeof PRESETS)[number];

/** The severity that a rule has in a preset. */
export function presetSeverity(rule: Rule, preset: Preset): RuleSetting {
  if (preset === 'recommended') return rule.severity;
  const strict = rule.strict ?? rule.severity;
  if (preset === 'strict' || rule.isAlwaysOn === true) return strict;
  if (preset === 'security') return rule.provenance === 'security' ? strict : 'off';
  if (rule.sources.includes('anthropic-directory') || rule.sources.includes('openai-review')) return 'error';
  return rule.provenance === 'spec' ? rule.severity : 'off';
}
