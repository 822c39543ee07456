import { withSchema } from '../../examples.ts';
import { quoteList } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { isComposed, propertiesOf } from '../../schema-shape.ts';

export const paramRequiredDefined: Rule = {
  id: 'param/required-defined',
  severity: 'error',
  provenance: 'spec',
  summary: 'Every name under `required` is a property.',
  rationale: 'A model cannot know what to send for it, and with closed properties no call is valid at all.',
  hint: 'Define the property, or take the name out of `required`.',
  sources: ['json-schema'],
  fix: 'safe',
  bad: { tools: [withSchema({ required: ['query', 'year'] })] },
  good: { tools: [withSchema({ required: ['query'] })] },
  check: eachTool((tool, report) => {
    for (const node of tool.inputNodes) {
      const { schema, path } = node;
      const required = schema['required'];
      // A branch speaks of properties that are defined around it.
      const isBranch = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'then', 'else', 'dependentSchemas'].includes(
        node.keyword,
      );
      if (!Array.isArray(required) || isBranch || isComposed(schema)) continue;
      const properties = propertiesOf(schema);
      const missing = required.filter((name) => typeof name === 'string' && !Object.hasOwn(properties, name));
      if (missing.length === 0) continue;
      const rest = required.filter((name) => !missing.includes(name));
      report({
        tool,
        path: `${path}/required`,
        message: `Required, but not a property: ${quoteList(missing.map(String))}.`,
        fix: { isSafe: true, edits: [{ op: 'add', path: `${path}/required`, value: rest }] },
      });
    }
  }),
};
