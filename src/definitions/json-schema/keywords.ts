import type { JsonValue } from '../../platform/json.ts';
import { canonicalText } from './canonical.ts';
import {
  loadAjv2020,
  loadAjvNames,
  type AjvClass,
  type CodeKeywordDefinition,
  type FuncKeywordDefinition,
} from './lazy-modules.ts';
import type { Meter } from './meter.ts';
import { COST_KEYWORD } from './prepare-schema.ts';

/**
 * Errors after which a generated function stops looking for more. Some of them
 * may come from branches and be merged into one, hence more than are shown.
 */
const ERRORS_MAX = 50;

/** Puts in place of the compiler's own keywords those that cost what they should, and counts the rest. */
export function replaceKeywords(ajv: AjvClass, meter: Meter): void {
  ajv.addKeyword(costKeyword(meter));
  ajv.removeKeyword('minLength');
  ajv.addKeyword(lengthKeyword(meter, 'minLength'));
  ajv.removeKeyword('maxLength');
  ajv.addKeyword(lengthKeyword(meter, 'maxLength'));
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    validate: (isOn: boolean, items: JsonValue[]) => !isOn || areUnique(items, meter),
  });
  // The compiler's own comparison calls `valueOf` and `toString` of the arguments, which may be members.
  ajv.removeKeyword('const');
  ajv.addKeyword({
    keyword: 'const',
    errors: false,
    compile: (value: JsonValue) => {
      meter.reset();
      const wanted = canonicalText(value, meter);
      return (data: JsonValue) => canonicalText(data, meter) === wanted;
    },
  });
  ajv.removeKeyword('enum');
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    errors: false,
    compile: (values: JsonValue[]) => {
      meter.reset();
      const allowed = new Set(values.map((value) => canonicalText(value, meter)));
      return (data: JsonValue) => allowed.has(canonicalText(data, meter));
    },
  });
}

/**
 * Charges the meter each time a schema object is applied. And, since all
 * errors are collected, ends a function that has found plenty: an array of
 * 50,000 wrong items must not become 50,000 error objects. Not inside a
 * branch, whose errors do not make the whole invalid.
 */
function costKeyword(meter: Meter): CodeKeywordDefinition {
  const { _ } = loadAjv2020();
  const names = loadAjvNames();
  const spend = (steps: number): void => {
    meter.spend(steps);
  };
  return {
    keyword: COST_KEYWORD,
    schemaType: 'number',
    code(cxt) {
      const { gen, it, schema } = cxt;
      const spendName = gen.scopeValue('func', { ref: spend });
      gen.code(_`${spendName}(${schema as number})`);
      if (it.compositeRule === true) return;
      gen.if(_`${names.errors} >= ${ERRORS_MAX}`, () => {
        gen.assign(_`${it.validateName}.errors`, names.vErrors);
        gen.return(false);
      });
    },
  };
}

/** Counts code points only where code units leave it open, and charges for it. */
function lengthKeyword(meter: Meter, keyword: 'minLength' | 'maxLength'): FuncKeywordDefinition {
  const admits = (length: number, bound: number): boolean =>
    keyword === 'minLength' ? length >= bound : length <= bound;
  return {
    keyword,
    type: 'string',
    schemaType: 'number',
    errors: false,
    validate: (bound: number, text: string) => {
      // A code point is one or two code units, so the true length lies between half and all of them.
      const isAdmittedAtMost = admits(text.length, bound);
      if (isAdmittedAtMost === admits(Math.ceil(text.length / 2), bound)) return isAdmittedAtMost;
      meter.spend(text.length >> 4);
      let length = 0;
      for (const _point of text) length += 1;
      return admits(length, bound);
    },
  };
}

function areUnique(items: readonly JsonValue[], meter: Meter): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = canonicalText(item, meter);
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}
