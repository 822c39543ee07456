import { isJsonObject, type JsonObject } from '../platform/json.ts';
import {
  failed,
  refused,
  type Call,
  type Outcome,
  type Refusal,
  type Target,
  type TargetLimits,
} from '../pipeline/index.ts';
import { buildParamHeaders, checkParamHeaders } from '../protocol/index.ts';
import type { RemoteTool } from './remote-tool.ts';
import type { UpstreamCatalog } from './upstream-catalog.ts';

/** `_meta` members that the gateway passes on: everything that is not about one hop. */
export function forwardedMeta(call: Call): JsonObject {
  const meta = call.request.params['_meta'];
  const out: JsonObject = {};
  if (isJsonObject(meta)) {
    for (const key of Object.keys(meta)) {
      // Progress tokens and everything of the protocol's own belong to the hop they came over.
      if (key === 'progressToken' || key.startsWith('io.modelcontextprotocol/')) continue;
      out[key] = meta[key];
    }
  }
  out['dev.breakwater/request_id'] = call.request.requestId;
  return out;
}

/** Sends `method` upstream with the caller's params, under the call's signal and cap. */
function forward(
  catalog: UpstreamCatalog,
  call: Call,
  request: { method: string; params: JsonObject; headers?: Readonly<Record<string, string>> | undefined },
): Promise<Outcome> {
  // The caller made these params for this one request, so they are completed and not copied.
  request.params['_meta'] = forwardedMeta(call);
  return catalog.upstream.request(request.method, request.params, {
    signal: call,
    responseBytesMax: call.target.limits.responseBytesMax,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
  });
}

function limitsOf({ settings }: UpstreamCatalog, remoteName: string): TargetLimits {
  return settings.tools.get(remoteName)?.limits ?? settings.limits;
}

/** A tool whose definition is known: validated before dispatch. */
export function toolTarget(catalog: UpstreamCatalog, tool: RemoteTool): Target | Refusal {
  const compiled = tool.inputValidator();
  if (!compiled.ok) {
    return {
      code: 'tool_quarantined',
      message: 'The input schema of this tool cannot be checked safely, so it is not called.',
      details: { problem: compiled.problem },
    };
  }
  return {
    upstream: catalog.settings.name,
    configRevision: catalog.settings.configRevision,
    remoteName: tool.name,
    limits: limitsOf(catalog, tool.name),
    isRetrySafe: tool.isRetrySafe,
    validateArguments: compiled.validate,
    admitsErrorAsOutput: (error) => tool.admitsAsOutput(error),
    paramHeaderFault(args, received) {
      if (tool.paramHeaders.length === 0) return undefined;
      const check = checkParamHeaders(tool.paramHeaders, args, received ?? {});
      return check.ok ? undefined : check.message;
    },
    invoke: (call) => callTool(catalog, call, tool),
  };
}

/** Arguments of a `tools/call`; absent ones are an empty object. */
export function argumentsOf(call: Call): JsonObject {
  const args = call.request.params['arguments'];
  return isJsonObject(args) ? args : {};
}

function callTool(catalog: UpstreamCatalog, call: Call, tool: RemoteTool): Promise<Outcome> {
  const args = argumentsOf(call);
  return forward(catalog, call, {
    method: 'tools/call',
    params: { name: tool.name, arguments: args },
    headers: tool.paramHeaders.length === 0 ? undefined : buildParamHeaders(tool.paramHeaders, args),
  });
}

/**
 * A tool of an upstream whose list is not known, because it was never reached
 * or because the name is newer than the list. Fetching the list happens inside
 * the target, so that the breaker and the deadline guard it like any call.
 */
export function provisionalToolTarget(catalog: UpstreamCatalog, remoteName: string): Target {
  return {
    upstream: catalog.settings.name,
    configRevision: catalog.settings.configRevision,
    remoteName,
    limits: limitsOf(catalog, remoteName),
    isRetrySafe: false,
    validateArguments: undefined,
    async invoke(call) {
      const loaded = await orAborted(call, catalog.tools.load());
      if (loaded === undefined) return abortedOutcome(call);
      if (!loaded.ok) return asCallOutcome(loaded.outcome);
      const tool = loaded.value.get(remoteName);
      if (tool === undefined) return refused({ code: 'tool_not_found' });
      const target = toolTarget(catalog, tool);
      if (!isTarget(target)) return refused(target);
      const violations = target.validateArguments?.(argumentsOf(call)) ?? [];
      if (violations.length > 0) {
        return refused({
          code: 'invalid_arguments',
          details: { violations: violations.map((v) => ({ ...v })) },
        });
      }
      return target.invoke(call);
    },
  };
}

/** Prompts, resources and completion: nothing to validate here, so knowing the owner is enough. */
export function plainTarget(
  catalog: UpstreamCatalog,
  request: { method: string; remoteName: string; params: (call: Call) => JsonObject },
): Target {
  return {
    upstream: catalog.settings.name,
    configRevision: catalog.settings.configRevision,
    remoteName: request.remoteName,
    limits: catalog.settings.limits,
    isRetrySafe: true,
    validateArguments: undefined,
    invoke: (call) => forward(catalog, call, { method: request.method, params: request.params(call) }),
  };
}

export function isTarget(value: Target | Refusal): value is Target {
  return 'invoke' in value;
}

/** A failure to list is passed on as a failure of the call; a protocol error there is not about the caller's request. */
function asCallOutcome(outcome: Outcome): Outcome {
  return outcome.kind === 'protocol_error' ? failed({ code: 'upstream_error' }) : outcome;
}

/** Waits for shared work, but no longer than the call lives. Undefined when the call was aborted first. */
export function orAborted<T>(call: Call, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const withdraw = call.onAbort(() => {
      resolve(undefined);
    });
    void work.then((value) => {
      withdraw();
      resolve(value);
    });
  });
}

function abortedOutcome(call: Call): Outcome {
  if (call.abortCause === 'caller') return { kind: 'cancelled' };
  return failed({ code: call.abortCause === 'drain' ? 'shutting_down' : 'timeout' });
}
