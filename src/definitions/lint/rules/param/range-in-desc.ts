import { numberParam, withParams } from '../../examples.ts';
import { isExclusive } from '../../param-shape.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { appendSentence, mentionsNumber, shownNumber } from '../../text/numbers.ts';

export const paramRangeInDesc: Rule = {
  id: 'param/range-in-desc',
  severity: 'warning',
  provenance: 'portability',
  summary: 'The range of a number is in its description.',
  rationale:
    'Several hosts drop minimum and maximum from the schema before the model sees it (Gemini, strict mode of OpenAI).',
  hint: 'Append the range to the description.',
  sources: ['breakwater', 'gemini', 'openai'],
  fix: 'safe',
  bad: { tools: [withParams({ positions: numberParam({ description: 'Positions on the invoice.' }) })] },
  good: { tools: [withParams({ positions: numberParam() })] },
  check: eachParam((param, report) => {
    if (param.description === '') return;
    const min = shownNumber(param.effective['minimum'] ?? param.effective['exclusiveMinimum']);
    const max = shownNumber(param.effective['maximum'] ?? param.effective['exclusiveMaximum']);
    // "At least 0" and "at least 1" go without saying.
    const isObvious = max === undefined && (min === '0' || min === '1');
    const missing = [min, max].filter(
      (bound) =>
        bound !== undefined && !mentionsNumber(param.description, bound) && !(bound === '0' || bound === '1'),
    );
    if (isObvious || missing.length === 0) return;
    const range =
      min === undefined
        ? `At most ${max ?? ''}.`
        : max === undefined
          ? `At least ${min}.`
          : `Range ${min}–${max}.`;
    const isOwn = Object.hasOwn(param.schema, 'description') && !isExclusive(param.effective);
    report({
      at: '/description',
      message: `The description of ${quote(param.name)} does not give its range (${range.replace(/\.$/, '').toLowerCase()}).`,
      ...(isOwn
        ? {
            fix: {
              isSafe: true,
              edits: [
                {
                  op: 'add',
                  path: `${param.path}/description`,
                  value: appendSentence(param.description, range),
                },
              ],
            },
          }
        : {}),
    });
  }),
};
