import { isJsonObject, type JsonValue } from '../../platform/json.ts';
import { invalidArguments, refused, type Call, type Outcome, type Target } from '../../pipeline/index.ts';
import type { PromptDefinition } from '../../definitions/index.ts';
import { targetLimits, type TargetParts } from './target-parts.ts';

/** The target of one prompt; made once, serves every call. */
export function promptTarget(prompt: PromptDefinition, parts: TargetParts): Target {
  return {
    upstream: parts.server,
    configRevision: `prompt ${prompt.name}`,
    remoteName: prompt.name,
    limits: targetLimits(parts, {}),
    isRetrySafe: true,
    validateArguments: (args) => prompt.input.check(args),
    invoke: (call) => render(prompt, call, parts),
  };
}

async function render(prompt: PromptDefinition, call: Call, parts: TargetParts): Promise<Outcome> {
  const given = call.request.params['arguments'];
  const parsed = await prompt.input.parse(isJsonObject(given) ? given : {});
  if (!parsed.ok) return refused(invalidArguments(parsed.violations));
  return parts.runner.run(call, {
    name: prompt.name,
    work: async (ctx) => {
      const rendered = await prompt.render(parsed.value, ctx);
      const messages: unknown =
        typeof rendered === 'string'
          ? [{ role: 'user', content: { type: 'text', text: rendered } }]
          : rendered;
      if (!Array.isArray(messages))
        throw new Error(`prompt ${prompt.name} rendered neither text nor messages`);
      const value = { description: prompt.description, messages: messages as JsonValue[] };
      return { kind: 'ok', result: { kind: 'value', value } };
    },
  });
}
