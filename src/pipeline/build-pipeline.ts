import type { Clock } from '../platform/clock.ts';
import { DeadlineQueue } from '../platform/deadlines.ts';
import type { Authenticator } from '../tenancy/principal.ts';
import type { Call, CallClass, RunCall } from './call.ts';
import type { Guardrail, GuardrailName } from './guardrail.ts';
import { Admission, type AdmissionOptions } from './guardrails/admission.ts';
import { createAuditIntentGuardrail } from './guardrails/audit-intent.ts';
import { createAuditGuardrail, type AuditSink } from './guardrails/audit.ts';
import { createAuthenticateGuardrail } from './guardrails/authenticate.ts';
import { createAuthorizeGuardrail, type AuthorizeOptions } from './guardrails/authorize.ts';
import { BreakerGuardrail, type BreakerOptions, type BreakerSnapshot } from './guardrails/breaker.ts';
import { ConcurrencyGuardrail, type ConcurrencyOptions } from './guardrails/concurrency.ts';
import { createDeadlineGuardrail } from './guardrails/deadline.ts';
import { createRateLimitGuardrail, type RateLimitOptions } from './guardrails/rate-limit.ts';
import { createResponseCapGuardrail } from './guardrails/response-cap.ts';
import { createRouteGuardrail, type Router } from './guardrails/route.ts';
import { createValidateGuardrail } from './guardrails/validate.ts';
import { createRunner, type RunnerOptions } from './run-pipeline.ts';

/** One place in the pipeline. */
export interface PipelinePosition {
  readonly name: GuardrailName;
  /** `all`: lists and the handshake pass it too. */
  readonly passedBy: 'all' | 'invoke';
  /** Why it stands here and not one further out or in. */
  readonly reason: string;
}

/**
 * The order of the guardrails, outermost first. There is no other path to a
 * target: stdio, HTTP, jobs and the dashboard all run calls through this.
 */
export const PIPELINE_ORDER: readonly PipelinePosition[] = [
  {
    name: 'audit',
    passedBy: 'all',
    reason: 'Outermost, so that what any other layer refuses is recorded too.',
  },
  {
    name: 'admission',
    passedBy: 'all',
    reason: 'Before any work is spent: a process that is full or stopping has none to spend.',
  },
  {
    name: 'authenticate',
    passedBy: 'all',
    reason: 'Everything further in acts for a project, so the project is established first.',
  },
  {
    name: 'authorize',
    passedBy: 'all',
    reason: 'Before routing, so that what a token may not see is answered like what does not exist.',
  },
  {
    name: 'route',
    passedBy: 'all',
    reason: 'Arguments, limits, slots and breakers belong to a target, so the target is found before them.',
  },
  {
    name: 'validate',
    passedBy: 'invoke',
    reason: 'Before the rate limit, so that a mistake in the arguments does not use up an allowance.',
  },
  {
    name: 'rate-limit',
    passedBy: 'all',
    reason: 'Before concurrency, so that a call over its rate never waits in a queue of those within theirs.',
  },
  {
    name: 'concurrency',
    passedBy: 'invoke',
    reason: 'Before the breaker, so that a call which waits for a slot does not hold the only probe.',
  },
  {
    name: 'breaker',
    passedBy: 'invoke',
    reason: 'Next to the dispatch, so that nothing but the upstream itself can be counted against it.',
  },
  {
    name: 'deadline',
    passedBy: 'all',
    reason: 'After the wait for a slot, which has its own bound; inside the breaker, which counts timeouts.',
  },
  {
    name: 'response-cap',
    passedBy: 'invoke',
    reason: 'Inside the breaker, so that the breaker sees a result that is too large for what it is.',
  },
  {
    name: 'audit-intent',
    passedBy: 'invoke',
    reason: 'Innermost: only what really leaves is journalled as leaving, and nothing leaves before that.',
  },
];

/** Everything the pipeline needs from outside. */
export interface PipelinePorts {
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly admission?: AdmissionOptions;
  readonly authenticator: Authenticator;
  readonly authorize: AuthorizeOptions;
  readonly router: Router;
  readonly rateLimit: RateLimitOptions;
  readonly concurrency: Omit<ConcurrencyOptions, 'deadlines'>;
  readonly breaker: Omit<BreakerOptions, 'clock'>;
  readonly onInternalError: RunnerOptions['onInternalError'];
}

export interface Pipeline {
  readonly run: RunCall;
  /** For a shutdown: `drain()`, `whenIdle()`, then `abortAll()` for what is left. */
  readonly admission: Admission;
  /** Breakers that are open, half-open or counting failures; of one project or of all. */
  breakers(projectId?: string): BreakerSnapshot[];
  /** In flight and waiting of one project. */
  slots(projectId: string): { readonly inFlight: number; readonly waiting: number };
  /** Stops timers. Calls that are still inside lose their deadline, so drain first. */
  close(): void;
}

/** Builds the one pipeline of a process. */
export function buildPipeline(ports: PipelinePorts): Pipeline {
  const { clock } = ports;
  const deadlines = new DeadlineQueue(clock);
  const admission = new Admission(ports.admission);
  const breaker = new BreakerGuardrail({ ...ports.breaker, clock });
  const concurrency = new ConcurrencyGuardrail({ ...ports.concurrency, deadlines });
  const guardrails: Readonly<Record<GuardrailName, Guardrail>> = {
    audit: createAuditGuardrail(ports.audit, clock),
    admission,
    authenticate: createAuthenticateGuardrail(ports.authenticator),
    authorize: createAuthorizeGuardrail(ports.authorize),
    route: createRouteGuardrail(ports.router),
    validate: createValidateGuardrail(),
    'rate-limit': createRateLimitGuardrail(ports.rateLimit),
    concurrency,
    breaker,
    deadline: createDeadlineGuardrail(deadlines),
    'response-cap': createResponseCapGuardrail(),
    'audit-intent': createAuditIntentGuardrail(ports.audit, (error, call) => {
      ports.onInternalError(error, call, 'audit-intent');
    }),
  };
  return {
    run: runnerByClass(guardrails, ports.onInternalError),
    admission,
    breakers: (projectId) => breaker.snapshot(projectId),
    slots: (projectId) => concurrency.snapshot(projectId),
    close() {
      for (const { name } of PIPELINE_ORDER) guardrails[name].close?.();
      deadlines.close();
    },
  };
}

function runnerByClass(
  guardrails: Readonly<Record<GuardrailName, Guardrail>>,
  onInternalError: RunnerOptions['onInternalError'],
): RunCall {
  const passedBy = (callClass: CallClass): RunCall =>
    createRunner(
      PIPELINE_ORDER.filter((position) => callClass === 'invoke' || position.passedBy === 'all').map(
        ({ name }) => guardrails[name],
      ),
      { onInternalError },
    );
  const runners: Readonly<Record<CallClass, RunCall>> = {
    invoke: passedBy('invoke'),
    list: passedBy('list'),
    control: passedBy('control'),
  };
  return (call: Call) => runners[call.callClass](call);
}
