import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const RISKY: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export const schemaPrototypeKeys: Rule = {
  id: 'schema/prototype-keys',
  severity: 'error',
  provenance: 'security',
  summary: 'No property is named `__proto__`, `constructor` or `prototype`.',
  rationale: 'Servers and clients that copy arguments with such a name change the behaviour of every object.',
  hint: 'Rename the property.',
  sources: ['poisoning'],
  bad: { tools: [withParams({ constructor: textParam() })] },
  good: { tools: [withParams({ builder: textParam() })] },
  check: eachTool((tool, report) => {
    for (const { name, path } of [...tool.inputNodes, ...tool.outputNodes]) {
      if (name !== undefined && RISKY.has(name))
        report({ tool, path, message: `A property is named ${quote(name)}.` });
    }
  }),
};
