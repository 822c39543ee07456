import type { JsonObject } from '../platform/json.ts';
import type { CallSignal } from '../upstream/upstream.ts';
import type { Refusal, Target } from '../pipeline/index.ts';

/** The four lists of MCP; each has its own method and member name on the wire. */
export type ListKind = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

/** One definition as it is shown, serialised once. */
export interface ListItem {
  /** Exposed name; the URI of a resource, the URI template of a template. */
  readonly name: string;
  readonly json: string;
  /** What a token's tool allow-list calls it: the name at the aggregated endpoint. */
  readonly allowListName: string;
}

/** A list as one endpoint shows it to one project. A new object whenever anything in it changed. */
export interface ListContent {
  readonly items: readonly ListItem[];
  /** Changes with the content; cursors carry it, so that a page never skips over a change. */
  readonly version: string;
  /** Shown in `_meta`, for example which upstreams are missing. */
  readonly meta: JsonObject | undefined;
}

/** What an invocation asks for. */
export type Subject =
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'prompt'; readonly name: string }
  | { readonly kind: 'resource'; readonly uri: string }
  | {
      readonly kind: 'completion';
      readonly ref: { readonly kind: 'prompt' | 'resource'; readonly name: string };
    };

/** Everything one endpoint offers to one project. */
export interface EndpointView {
  /** Server capabilities to declare. May connect to the upstream, bounded by `signal`. */
  capabilities(signal: CallSignal): JsonObject | Promise<JsonObject>;
  readonly instructions: string | undefined;
  /** Never rejects: an upstream that is away is missing from the list and named in `meta`. */
  list(kind: ListKind, signal: CallSignal): ListContent | Promise<ListContent>;
  /** What a token's allow-list calls the tool that this endpoint shows as `name`. */
  allowListName(name: string): string | undefined;
  /** Answers from what is known; work that may wait happens inside the target, behind the guardrails. */
  resolve(subject: Subject): Target | Refusal;
}

/** Finds the view of an endpoint. Undefined: this project has no such endpoint. */
export interface Directory {
  view(projectId: string, endpoint: string | undefined): EndpointView | undefined;
}
