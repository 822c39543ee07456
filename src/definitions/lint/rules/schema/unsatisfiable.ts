import { isJsonObject, type JsonObject } from '../../../../platform/json.ts';
import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { numberMember } from '../../schema-shape.ts';
import { typesOf } from '../../schema-walk.ts';

const PAIRS = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const;

function contradictionIn(schema: JsonObject): string | undefined {
  const pair = PAIRS.find(
    ([min, max]) => (numberMember(schema, min) ?? -Infinity) > (numberMember(schema, max) ?? Infinity),
  );
  if (pair !== undefined) return `${pair[0]} is above ${pair[1]}`;
  const branches = schema['allOf'];
  if (!Array.isArray(branches)) return undefined;
  const types = branches
    .filter(isJsonObject)
    .map(typesOf)
    .filter((list) => list.length > 0);
  const [first, ...rest] = types;
  const isDisjoint =
    first !== undefined &&
    rest.length > 0 &&
    !first.some((type) => rest.every((list) => list.includes(type)));
  return isDisjoint ? 'the branches of allOf have no type in common' : undefined;
}

export const schemaUnsatisfiable: Rule = {
  id: 'schema/unsatisfiable',
  severity: 'error',
  provenance: 'spec',
  summary: 'Some value matches every schema.',
  rationale: 'No argument is ever right, and the model tries them one after the other.',
  hint: 'Mend the bounds.',
  sources: ['json-schema'],
  bad: { tools: [withParams({ subject: textParam({ minLength: 200 }) })] },
  good: { tools: [withParams({ subject: textParam({ minLength: 2 }) })] },
  check: eachTool((tool, report) => {
    for (const { schema, path } of [...tool.inputNodes, ...tool.outputNodes]) {
      const contradiction = contradictionIn(schema);
      if (contradiction !== undefined) report({ tool, path, message: `Nothing matches: ${contradiction}.` });
    }
  }),
};
