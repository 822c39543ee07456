export { compileSchema, type CompileOptions, type CompileResult } from './compile-schema.ts';
export { escapeName } from './escape-name.ts';
export type { Violation } from './violations.ts';
export type { Dialect } from './vocabulary.ts';
