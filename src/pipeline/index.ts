export {
  buildPipeline,
  PIPELINE_ORDER,
  type Pipeline,
  type PipelinePorts,
  type PipelinePosition,
} from './build-pipeline.ts';
export {
  Call,
  type AbortCause,
  type CallClass,
  type CallRequest,
  type RequestFault,
  type RunCall,
} from './call.ts';
export { drain } from './drain.ts';
export {
  ERROR_META_KEY,
  refusalOf,
  toErrorObject,
  toRpcError,
  toToolResult,
  type ErrorObject,
  type ErrorObjectContext,
  type ToolResultOptions,
} from './error-object.ts';
export type { Guardrail, GuardrailName } from './guardrail.ts';
export { Admission, inFlightMaxFor, type AdmissionOptions } from './guardrails/admission.ts';
export { auditFacts, type AuditFacts, type AuditSink } from './guardrails/audit.ts';
export { TOOL_NOT_FOUND, type AuthorizeOptions } from './guardrails/authorize.ts';
export type { BreakerSettings, BreakerStateName } from './guardrails/breaker-state.ts';
export { breakerEffect, type BreakerOptions, type BreakerSnapshot } from './guardrails/breaker.ts';
export type { ConcurrencyLimits, ConcurrencyOptions } from './guardrails/concurrency.ts';
export {
  MemoryRateLimitStore,
  type MemoryRateLimitStoreOptions,
  type RateLimitCheck,
  type RateLimitDecision,
  type RateLimitStore,
} from './guardrails/rate-limit-store.ts';
export type { RateLimitOptions } from './guardrails/rate-limit.ts';
export type { Router } from './guardrails/route.ts';
export { invalidArguments } from './guardrails/validate.ts';
export { failed, refused, type Outcome, type Refusal, type ResultBody } from './outcome.ts';
export {
  REFUSALS,
  type AuditStatus,
  type BreakerEffect,
  type RefusalCode,
  type RefusalEntry,
  type WhoseMove,
} from './refusals.ts';
export { resultBytes } from './result-size.ts';
export { abortedOutcome, createRunner, type FailurePlace, type RunnerOptions } from './run-pipeline.ts';
export type { RateLimit, Target, TargetLimits, Violation } from './target.ts';
