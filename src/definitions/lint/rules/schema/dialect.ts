import { readTool, withSchema } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { stringMember } from '../../schema-shape.ts';

const CURRENT = 'https://json-schema.org/draft/2020-12/schema';

export const schemaDialect: Rule = {
  id: 'schema/dialect',
  severity: 'info',
  provenance: 'spec',
  summary: 'A schema is written in JSON Schema 2020-12, and says so or says nothing.',
  rationale:
    '2020-12 is the default of the protocol. Some clients refuse other dialects, and `$schema` costs tokens in every tool.',
  hint: 'Leave `$schema` out.',
  sources: ['mcp'],
  bad: { tools: [withSchema({ $schema: 'http://json-schema.org/draft-07/schema#' })] },
  good: { tools: [readTool()] },
  check: eachTool((tool, report) => {
    const dialect = stringMember(tool.input, '$schema');
    if (dialect === undefined || dialect.replace(/#$/, '') === CURRENT) return;
    report({ tool, path: '/inputSchema/$schema', message: `The dialect is ${quote(dialect)}.` });
  }),
};
