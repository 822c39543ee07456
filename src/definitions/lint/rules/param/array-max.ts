import { withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

export const paramArrayMax: Rule = {
  id: 'param/array-max',
  severity: 'info',
  strict: 'warning',
  provenance: 'guideline',
  summary: 'An array has a maximum number of items.',
  rationale: 'A model that loops fills it with thousands; the tool then works on all of them.',
  hint: 'Add maxItems.',
  sources: ['survey'],
  fix: 'unsafe',
  bad: {
    tools: [
      withParams({
        subjects: {
          type: 'array',
          items: { type: 'string', maxLength: 50 },
          description: 'Parts of the subject line.',
        },
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        subjects: {
          type: 'array',
          maxItems: 10,
          items: { type: 'string', maxLength: 50 },
          description: 'Parts of the subject line.',
        },
      }),
    ],
  },
  check: eachParam((param, report) => {
    if (
      !param.types.includes('array') ||
      Object.hasOwn(param.effective, 'maxItems') ||
      Object.hasOwn(param.effective, 'const')
    )
      return;
    report({
      message: `${quote(param.name)} may have any number of items.`,
      fix: { isSafe: false, edits: [{ op: 'add', path: `${param.path}/maxItems`, value: 100 }] },
    });
  }),
};
