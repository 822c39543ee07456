import { RESOURCE_URI_CHARS_MAX } from '../../../../platform/limits.ts';
import { exampleTemplate, readTool } from '../../examples.ts';
import { textMember } from '../../model.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

/** An expression of RFC 6570, level 4, that is not longer than it has reason to be. */
const EXPRESSION =
  /^[+#./;?&]?[A-Za-z0-9_.%]{1,64}(?::[0-9]{1,4}|\*)?(?:,[A-Za-z0-9_.%]{1,64}(?::[0-9]{1,4}|\*)?){0,15}$/;

function problemOf(template: string): string | undefined {
  const names: string[] = [];
  const pieces = template.split('{');
  if ((pieces[0] ?? '').includes('}')) return 'has a brace too many';
  for (const piece of pieces.slice(1)) {
    const [expression, rest] = piece.split('}', 2);
    if (expression === undefined || rest === undefined || piece.split('}').length > 2)
      return 'has a brace too many';
    if (!EXPRESSION.test(expression)) return 'has an expression that is none';
    names.push(
      ...expression
        .replace(/^[+#./;?&]/, '')
        .split(',')
        .map((name) => name.replace(/[:*].*$/, '')),
    );
  }
  if (names.length === 0) return 'has no variable';
  return new Set(names).size < names.length ? 'uses a variable twice' : undefined;
}

export const resourceTemplateParams: Rule = {
  id: 'resource/template-params',
  severity: 'error',
  provenance: 'spec',
  summary: 'A resource template is a valid URI template with at least one variable, each used once.',
  rationale: 'Clients cannot fill in a template that they cannot parse.',
  hint: 'Write `scheme://path/{variable}` as RFC 6570 has it.',
  sources: ['mcp'],
  bad: {
    tools: [readTool()],
    resourceTemplates: [exampleTemplate({ uriTemplate: 'ledger://invoices/{number' })],
  },
  good: { tools: [readTool()], resourceTemplates: [exampleTemplate()] },
  check: (model, report) => {
    for (const { raw, path } of model.resourceTemplates) {
      const template = textMember(raw, 'uriTemplate').slice(0, RESOURCE_URI_CHARS_MAX);
      const problem = template === '' ? undefined : problemOf(template);
      if (problem !== undefined)
        report({ path: `${path}/uriTemplate`, message: `The template ${quote(template)} ${problem}.` });
    }
  },
};
