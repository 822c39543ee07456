import { isJsonObject } from '../../platform/json.ts';
import { COMPLETION_VALUES_MAX } from '../../platform/limits.ts';
import type { Call, Outcome, Target } from '../../pipeline/index.ts';
import type { Complete } from '../../definitions/index.ts';
import { targetLimits, type TargetParts } from './target-parts.ts';

/** The target that completes arguments of one prompt or variables of one template. */
export function completionTarget(
  name: string,
  complete: ReadonlyMap<string, Complete>,
  parts: TargetParts,
): Target {
  return {
    upstream: parts.server,
    configRevision: `completion ${name}`,
    remoteName: name,
    limits: targetLimits(parts, {}),
    isRetrySafe: true,
    validateArguments: undefined,
    invoke(call) {
      const { argument, typed } = asked(call);
      const suggest = complete.get(argument);
      // What has no suggestions has none; that is no error (server/utilities/completion).
      if (suggest === undefined) return Promise.resolve(values([]));
      return parts.runner.run(call, { name, work: async (ctx) => values(await suggest(typed, ctx)) });
    },
  };
}

function asked(call: Call): { readonly argument: string; readonly typed: string } {
  const given = call.request.params['argument'];
  const { name, value } = isJsonObject(given) ? given : { name: undefined, value: undefined };
  return { argument: typeof name === 'string' ? name : '', typed: typeof value === 'string' ? value : '' };
}

function values(all: readonly string[]): Outcome {
  const shown = all.slice(0, COMPLETION_VALUES_MAX);
  const value = { completion: { values: [...shown], total: all.length, hasMore: all.length > shown.length } };
  return { kind: 'ok', result: { kind: 'value', value } };
}
