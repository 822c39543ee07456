import { isJsonObject, type JsonObject } from '../platform/json.ts';
import type { Call, Outcome, Refusal, Router, Target } from '../pipeline/index.ts';
import {
  isModernRevision,
  META_KEYS,
  MODERN_REVISIONS,
  negotiateLegacy,
  WIRE_CODES,
} from '../protocol/index.ts';
import type { Directory, EndpointView, ListKind, Subject } from './directory.ts';
import { listPage } from './list-page.ts';
import { localTarget } from './local-target.ts';
import { identityObject, type ServerIdentity } from './server-identity.ts';

export interface RouterOptions {
  readonly directory: Directory;
  readonly identity: ServerIdentity;
}

const LIST_METHODS: Readonly<Record<string, ListKind>> = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
  'prompts/list': 'prompts',
};

/**
 * Finds the target of every method: the handshake and the lists are answered
 * here, invocations by whatever the directory resolves their subject to.
 */
export function createRouter(options: RouterOptions): Router {
  return {
    route(call) {
      const { request } = call;
      const view = options.directory.view(call.principal.projectId, request.endpoint);
      if (view === undefined) return { code: 'endpoint_not_found' };
      if (request.fault !== undefined) return faultTarget(request.method, request.fault);
      // Only a method that the era knows has this class; the table alone would also know `constructor`.
      const kind = call.callClass === 'list' ? LIST_METHODS[request.method] : undefined;
      if (kind !== undefined) return listTarget(view, kind);
      switch (request.method) {
        case 'initialize':
          return localTarget(request.method, (running) => initialize(view, running, options.identity));
        case 'server/discover':
          return localTarget(request.method, (running) => discover(view, running, options.identity));
        default:
          return call.callClass === 'invoke'
            ? invocation(view, call)
            : localTarget(request.method, () => EMPTY);
      }
    },
  };
}

/** The answer to `ping`, and what becomes of a notification that is accepted. */
const EMPTY: Outcome = { kind: 'ok', result: { kind: 'value', value: {} } };

interface Fault {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

/** A fault of the request that is answered only after authentication: strangers learn nothing about methods and parameters. */
function faultTarget(method: string, fault: Fault): Target {
  return localTarget(method, () => ({ kind: 'protocol_error', ...fault }));
}

async function initialize(view: EndpointView, call: Call, identity: ServerIdentity): Promise<Outcome> {
  const value: JsonObject = {
    protocolVersion: negotiateLegacy(call.request.params['protocolVersion']),
    capabilities: await view.capabilities(call),
    serverInfo: identityObject(identity),
    ...(view.instructions === undefined ? {} : { instructions: view.instructions }),
  };
  return { kind: 'ok', result: { kind: 'value', value } };
}

async function discover(view: EndpointView, call: Call, identity: ServerIdentity): Promise<Outcome> {
  const value: JsonObject = {
    supportedVersions: [...MODERN_REVISIONS],
    capabilities: await view.capabilities(call),
    ...(view.instructions === undefined ? {} : { instructions: view.instructions }),
    _meta: { [META_KEYS.serverInfo]: identityObject(identity) },
  };
  return { kind: 'ok', result: { kind: 'value', value } };
}

function listTarget(view: EndpointView, kind: ListKind): Target {
  return localTarget(kind, async (call) => {
    const content = await view.list(kind, call);
    const cursor = call.request.params['cursor'];
    const page = listPage(content, {
      kind,
      cursor: typeof cursor === 'string' ? cursor : undefined,
      allowList: kind === 'tools' ? call.principal.toolAllowList : undefined,
    });
    if (page === undefined) {
      const message = 'The cursor is not valid for this list any more. Start again without a cursor.';
      return { kind: 'protocol_error', code: WIRE_CODES.invalidParams, message };
    }
    const { bytes, hasMeta } = page;
    return { kind: 'ok', result: { kind: 'bytes', bytes, isEmpty: false, hasResultType: false, hasMeta } };
  });
}

function invocation(view: EndpointView, call: Call): Target | Refusal {
  const subject = subjectOfCall(call);
  if (subject === undefined) return { code: 'internal' };
  const resolved = view.resolve(subject);
  if (!('invoke' in resolved) || subject.kind !== 'tool') return resolved;
  const { request } = call;
  if (request.transport !== 'http' || !isModernRevision(request.revision)) return resolved;
  const args = request.params['arguments'];
  const fault = resolved.paramHeaderFault?.(isJsonObject(args) ? args : {}, request.paramHeaders);
  if (fault === undefined) return resolved;
  return faultTarget(request.method, { code: WIRE_CODES.headerMismatch, message: fault });
}

function subjectOfCall(call: Call): Subject | undefined {
  const { method, params, subject } = call.request;
  if (subject === undefined) return undefined;
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name: subject };
    case 'prompts/get':
      return { kind: 'prompt', name: subject };
    case 'resources/read':
      return { kind: 'resource', uri: subject };
    case 'completion/complete': {
      const ref = params['ref'];
      const isPrompt = isJsonObject(ref) && ref['type'] === 'ref/prompt';
      return { kind: 'completion', ref: { kind: isPrompt ? 'prompt' : 'resource', name: subject } };
    }
    default:
      return undefined;
  }
}
