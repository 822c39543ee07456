import type { Era } from '../revisions.ts';
import type { EraCodec } from './codec.ts';
import { legacyCodec } from './legacy.ts';
import { modernCodec } from './modern.ts';

export type { EraCodec, MethodClass, ResultRules, SubjectResult } from './codec.ts';

export function codecFor(era: Era): EraCodec {
  return era === 'modern' ? modernCodec : legacyCodec;
}
