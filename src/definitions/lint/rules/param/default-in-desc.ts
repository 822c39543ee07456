import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { hiddenCharacter } from '../../text/hidden.ts';
import { appendSentence, mentionsNumber } from '../../text/numbers.ts';
import { hasPhrase } from '../../text/words.ts';

export const paramDefaultInDesc: Rule = {
  id: 'param/default-in-desc',
  severity: 'info',
  strict: 'warning',
  provenance: 'portability',
  summary: 'The default of a parameter is in its description.',
  rationale:
    'Several hosts drop defaults from the schema. A model that does not know the default fills in one of its own.',
  hint: 'Append the default to the description.',
  sources: ['breakwater', 'gemini'],
  fix: 'safe',
  bad: { tools: [withParams({ positions: numberParam({ default: 7 }) })] },
  good: {
    tools: [
      withParams({
        positions: numberParam({ default: 7, description: 'Positions on the invoice, 1–50, default 7.' }),
      }),
    ],
  },
  check: eachParam((param, report) => {
    const value = Object.hasOwn(param.effective, 'default') ? param.effective['default'] : undefined;
    if (
      param.description === '' ||
      !(typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    )
      return;
    const shown = String(value);
    if (shown === '' || shown.length > 60) return;
    const isNamed =
      typeof value === 'number'
        ? mentionsNumber(param.description, shown)
        : param.description.toLowerCase().includes(shown.toLowerCase());
    if (
      isNamed ||
      (value === false && hasPhrase(param.text, ['default', 'defaults', 'by default', 'optional']))
    )
      return;
    const isSafe = hiddenCharacter(shown) === undefined && Object.hasOwn(param.schema, 'description');
    report({
      at: '/description',
      message: `The description of ${quote(param.name)} does not give its default ${quote(shown)}.`,
      ...(isSafe
        ? {
            fix: {
              isSafe: true,
              edits: [
                {
                  op: 'add',
                  path: `${param.path}/description`,
                  value: appendSentence(param.description, `Default ${shown}.`),
                },
              ],
            },
          }
        : {}),
    });
  }),
};
