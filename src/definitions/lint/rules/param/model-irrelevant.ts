import { readTool, textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';

const IRRELEVANT: ReadonlySet<string> = new Set([
  'user agent',
  'tenant id',
  'api version',
  'trace id',
  'span id',
  'traceparent',
  'correlation id',
  'client version',
  'x api version',
  'accept language header',
  'http headers',
]);

export const paramModelIrrelevant: Rule = {
  id: 'param/model-irrelevant',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'What the model cannot know is not asked of it.',
  rationale: 'A tenant or a trace id that the model chooses is wrong at best, and another tenant’s at worst.',
  hint: 'Let the server fill it in from the session and take it out of the schema.',
  sources: ['survey'],
  bad: { tools: [withParams({ user_agent: textParam({ description: 'Sent along to the archive.' }) })] },
  good: { tools: [readTool()] },
  check: eachParam((param, report) => {
    if (IRRELEVANT.has(param.words.join(' ')))
      report({ message: `${quote(param.name)} is not for the model to choose.` });
  }),
};
