import { isJsonObject, type JsonObject, type JsonValue } from '../../../../platform/json.ts';
import { numberParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachParam, type Rule } from '../../rule.ts';
import { enumOf, isComposed, numberMember } from '../../schema-shape.ts';
import { typesOf } from '../../schema-walk.ts';

/** Why a value does not match the keywords that are cheap to check; undefined when it does. */
function mismatchOf(value: JsonValue, schema: JsonObject): string | undefined {
  const values = enumOf(schema);
  if (values !== undefined && !values.some((one) => one === value))
    return 'is not among the values of the enum';
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => matchesType(value, type)))
    return `is not of the type ${quote(types.join(' or '))}`;
  const isBelow = (bound: string, amount: number): boolean =>
    amount < (numberMember(schema, bound) ?? amount);
  const isAbove = (bound: string, amount: number): boolean =>
    amount > (numberMember(schema, bound) ?? amount);
  if (typeof value === 'number' && (isBelow('minimum', value) || isAbove('maximum', value)))
    return 'is out of the range';
  if (typeof value === 'string' && (isBelow('minLength', value.length) || isAbove('maxLength', value.length)))
    return 'has the wrong length';
  return undefined;
}

function matchesType(value: JsonValue, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isJsonObject(value);
  return typeof value === type;
}

export const paramDefaultValid: Rule = {
  id: 'param/default-valid',
  severity: 'error',
  provenance: 'spec',
  summary: 'A default matches its own schema.',
  rationale: 'Clients fill in the default and are refused for it.',
  hint: 'Change the default, or the bound that excludes it.',
  sources: ['json-schema'],
  bad: {
    tools: [
      withParams({
        positions: numberParam({ default: 0, description: 'Positions on the invoice, 1–50, default 0.' }),
      }),
    ],
  },
  good: {
    tools: [
      withParams({
        positions: numberParam({ default: 1, description: 'Positions on the invoice, 1–50, default 1.' }),
      }),
    ],
  },
  check: eachParam((param, report) => {
    const value = Object.hasOwn(param.effective, 'default') ? param.effective['default'] : undefined;
    // Generators write null where they mean "none"; nothing is sent then.
    if (value === undefined || value === null || isComposed(param.effective)) return;
    const problem = mismatchOf(value, param.effective);
    if (problem !== undefined)
      report({ at: '/default', message: `The default of ${quote(param.name)} ${problem}.` });
  }),
};
