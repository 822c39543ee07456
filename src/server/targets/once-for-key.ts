import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { isJsonObject } from '../../platform/json.ts';
import { failed, refused, type Call, type Outcome } from '../../pipeline/index.ts';
import { IDEMPOTENCY_KEY, type ToolDefinition } from '../../definitions/index.ts';
import type { CallContext } from '../handler-context.ts';
import type { Claim } from '../idempotency/store.ts';
import type { TargetParts } from './target-parts.ts';

export interface KeyedCall {
  readonly tool: ToolDefinition;
  readonly key: string;
  readonly given: JsonObject;
  readonly parts: TargetParts;
  readonly work: (ctx: CallContext) => Promise<Outcome>;
}

/** How often a call takes the place of a first one that was forgotten, before it gives up: each turn is a whole call of another caller. */
const TURNS_MAX = 10;

const LOST: Outcome = failed({
  code: 'internal',
  message:
    'An earlier call with this idempotency key ended without a result. Whether it took effect is not known.',
  commitState: 'unknown',
});

/**
 * Lets a write take effect once per key. The first call does the work, and it
 * is done to its end even when its caller leaves; every other call with the
 * same key waits for that and gets its outcome, also when it comes later. An
 * outcome of which the tool says that the same call can succeed later is not
 * kept, or the key could never be used again.
 */
export async function onceForKey(call: Call, keyed: KeyedCall): Promise<Outcome> {
  const { parts, tool, key, given } = keyed;
  const request = { projectId: call.principal.projectId, tool: tool.name, key, argumentsHash: hashOf(given) };
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const claim = await parts.idempotency.claim(request);
    switch (claim.kind) {
      case 'conflict':
        return refused({ code: 'idempotency_conflict' });
      case 'full':
        return refused({ code: 'overloaded', retryAfterMs: claim.retryAfterMs });
      case 'first':
        return runFirst(call, keyed, claim);
      case 'same': {
        const outcome = await waitFor(call, parts, claim.outcome);
        if (outcome !== undefined) return outcome;
        break;
      }
      default:
        return claim satisfies never;
    }
  }
  return refused({ code: 'overloaded', retryAfterMs: 1 });
}

function runFirst(call: Call, keyed: KeyedCall, claim: Extract<Claim, { kind: 'first' }>): Promise<Outcome> {
  let hasStarted = false;
  const running = keyed.parts.runner.run(call, {
    name: keyed.tool.name,
    outlivesCaller: true,
    work(ctx) {
      hasStarted = true;
      const outcome = keyed.work(ctx);
      outcome.then(
        (ended) => {
          claim.settle(mayBeRepeated(ended) ? undefined : ended);
        },
        () => {
          claim.settle(LOST);
        },
      );
      return outcome;
    },
  });
  if (!hasStarted) claim.settle(undefined);
  return running;
}

/** Undefined when the first call left nothing behind, and this one may try. */
async function waitFor(
  call: Call,
  parts: TargetParts,
  first: Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  let forgotten = false;
  const outcome = await parts.runner.join(
    call,
    first.then((ended) => {
      forgotten = ended === undefined;
      return ended ?? LOST;
    }),
  );
  return forgotten ? undefined : outcome;
}

/** A declared error that is retryable, in the object that `declaredError` has made. */
function mayBeRepeated(outcome: Outcome): boolean {
  if (outcome.kind === 'refused') return true;
  if (outcome.kind !== 'tool_error' || outcome.result.kind !== 'value') return false;
  const meta = outcome.result.value['_meta'];
  if (!isJsonObject(meta)) return false;
  return Object.values(meta).some((error) => isJsonObject(error) && error['retryable'] === true);
}

function hashOf(given: JsonObject): string {
  const { [IDEMPOTENCY_KEY]: _key, ...args } = given;
  return createHash('sha256').update(canonical(args)).digest('base64url');
}

/** The same text for the same arguments, in whatever order their members came. The depth of a request is bounded. */
function canonical(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(',')}}`;
}
