import { describe, expect, it } from 'vitest';
import { makeCall, makeTarget, OK } from '../fixtures/make-call.ts';
import type { Target, TargetLimits } from '../target.ts';
import { TOOL_NOT_FOUND } from './authorize.ts';
import { createRouteGuardrail } from './route.ts';

/** Targets may be classes, whose methods are not own members. */
class LocalTarget implements Target {
  readonly upstream = 'breakwater';
  readonly configRevision = '1';
  readonly remoteName = 'get_job_status';
  readonly limits: TargetLimits = makeTarget().limits;
  readonly isRetrySafe = true;
  readonly validateArguments = undefined;
  invoke(): Promise<typeof OK> {
    return Promise.resolve(OK);
  }
}

describe('route', () => {
  it.each([makeTarget(), new LocalTarget()])('sets the target', async (target) => {
    for (const answer of [target, Promise.resolve(target)]) {
      const call = makeCall({ target: null });
      expect(await createRouteGuardrail({ route: () => answer }).enter(call)).toBeUndefined();
      expect(call.target).toBe(target);
    }
  });

  it('refuses what the router refuses, and sets no target', async () => {
    for (const answer of [TOOL_NOT_FOUND, Promise.resolve(TOOL_NOT_FOUND)]) {
      const call = makeCall({ target: null });
      expect(await createRouteGuardrail({ route: () => answer }).enter(call)).toBe(TOOL_NOT_FOUND);
      expect(call.targetIfKnown).toBeUndefined();
    }
  });
});
