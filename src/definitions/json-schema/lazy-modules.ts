import { createRequire } from 'node:module';
import type { Ajv as AjvClass, CodeKeywordDefinition, FuncKeywordDefinition, Name } from 'ajv';
import type * as AjvModule from 'ajv';
import type * as Ajv2020Module from 'ajv/dist/2020.js';
import type * as Re2Module from 're2js';

export type { AjvClass, CodeKeywordDefinition, FuncKeywordDefinition };

/**
 * The compiler and the pattern engine take 30 to 50 ms to load, which a
 * gateway that has not been called yet should not pay. They are loaded by the
 * first schema that is compiled, and synchronously, because arguments are
 * validated synchronously.
 */
const load = createRequire(import.meta.url);

export function loadAjv2020(): typeof Ajv2020Module {
  return load('ajv/dist/2020.js') as typeof Ajv2020Module;
}

export function loadAjvDraft07(): typeof AjvModule {
  return load('ajv') as typeof AjvModule;
}

/** Names of the variables of generated code in which errors are collected. */
export function loadAjvNames(): { readonly errors: Name; readonly vErrors: Name } {
  const module = load('ajv/dist/compile/names.js') as { default: { errors: Name; vErrors: Name } };
  return module.default;
}

export function loadRe2(): typeof Re2Module {
  return load('re2js') as typeof Re2Module;
}
