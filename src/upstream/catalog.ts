import type { Outcome } from '../pipeline/outcome.ts';
import { isJsonObject } from '../platform/json.ts';
import type { JsonObject, JsonValue } from '../platform/json.ts';
import {
  UPSTREAM_LIST_BYTES_MAX,
  UPSTREAM_LIST_ITEMS_MAX,
  UPSTREAM_LIST_PAGES_MAX,
} from '../platform/limits.ts';
import { readParamHeaders, WIRE_CODES } from '../protocol/index.ts';
import { failure } from './answer/failures.ts';
import { cleanText } from './answer/map-message.ts';
import type { CallSignal, Upstream, UpstreamInfo } from './upstream.ts';

export type ListMethod = 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list';

export interface FetchAllOptions {
  /** Ends the whole fetch, all pages together. */
  readonly signal: CallSignal;
  /** Of one page. */
  readonly responseBytesMax: number;
}

/** A definition that is not offered to callers. Both texts are cleaned and bounded. */
export interface DroppedItem {
  readonly name: string;
  readonly reason: string;
}

export type FetchAllResult =
  | {
      readonly ok: true;
      readonly items: JsonObject[];
      readonly dropped: readonly DroppedItem[];
      /** The upstream has more than is taken from one upstream. */
      readonly isTruncated: boolean;
    }
  | { readonly ok: false; readonly outcome: Outcome };

interface ListKind {
  readonly capability: string;
  readonly member: string;
  readonly problemOf: (item: JsonObject) => string | undefined;
}

const KINDS: Readonly<Record<ListMethod, ListKind>> = {
  'tools/list': { capability: 'tools', member: 'tools', problemOf: toolProblem },
  'resources/list': {
    capability: 'resources',
    member: 'resources',
    problemOf: (item) => textProblem(item, 'uri'),
  },
  'resources/templates/list': {
    capability: 'resources',
    member: 'resourceTemplates',
    problemOf: (item) => textProblem(item, 'uriTemplate'),
  },
  'prompts/list': {
    capability: 'prompts',
    member: 'prompts',
    problemOf: (item) => textProblem(item, 'name'),
  },
};

/** server/tools.mdx of 2026-07-28. */
const TOOL_NAME = /^[A-Za-z0-9_.-]{1,128}$/;

/** Longest URI, URI template or prompt name. */
const TEXT_CHARS_MAX = 2048;

/** Longest cursor that is sent back. */
const CURSOR_CHARS_MAX = 4096;

/**
 * Fetches one list of an upstream, all pages. A server that does not declare
 * the capability is not asked. The number of pages, of items and of bytes is
 * bounded; what lies beyond is left out, and `isTruncated` says so. Items that
 * do not have the form of a definition are dropped with a reason, as are tools
 * whose `x-mcp-header` declarations are invalid, which a client has to reject
 * (transports/streamable-http.mdx of 2026-07-28).
 */
export async function fetchAll(
  upstream: Upstream,
  method: ListMethod,
  options: FetchAllOptions,
): Promise<FetchAllResult> {
  const connected = await upstream.connect(options.signal);
  if (!connected.ok) return connected;
  const list = new CollectedList(KINDS[method]);
  if (!declares(connected.info, KINDS[method].capability)) return list.finish(false);

  let cursor: string | undefined;
  for (let page = 0; page < UPSTREAM_LIST_PAGES_MAX; page += 1) {
    const outcome = await upstream.request(method, cursor === undefined ? {} : { cursor }, options);
    // A server may declare resources and still not know templates.
    if (page === 0 && isMethodNotFound(outcome)) return list.finish(false);
    if (outcome.kind !== 'ok') return { ok: false, outcome };
    const result = list.addPage(outcome.result.kind === 'bytes' ? outcome.result.bytes : Buffer.alloc(0));
    if (result === undefined) return { ok: false, outcome: failure('upstream_invalid_response') };
    const next = result['nextCursor'];
    if (typeof next !== 'string') return list.finish(false);
    // A cursor that leads to itself would fetch the same page for ever.
    if (list.isFull || next === cursor || next.length > CURSOR_CHARS_MAX) return list.finish(true);
    cursor = next;
  }
  return list.finish(true);
}

/** Items of one list so far. */
class CollectedList {
  readonly #kind: ListKind;
  readonly #items: JsonObject[] = [];
  readonly #dropped: DroppedItem[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(kind: ListKind) {
    this.#kind = kind;
  }

  get isFull(): boolean {
    return this.#isCut || this.#count >= UPSTREAM_LIST_ITEMS_MAX || this.#bytes >= UPSTREAM_LIST_BYTES_MAX;
  }

  /** Adds one page; undefined when it does not have the form of one. */
  addPage(bytes: Buffer): JsonObject | undefined {
    this.#bytes += bytes.length;
    const result = parseObject(bytes);
    const items = result?.[this.#kind.member];
    if (!Array.isArray(items)) return undefined;
    for (const item of items) {
      if (this.#count >= UPSTREAM_LIST_ITEMS_MAX) {
        this.#isCut = true;
        break;
      }
      this.#add(item);
    }
    return result;
  }

  finish(isTruncated: boolean): FetchAllResult {
    return { ok: true, items: this.#items, dropped: this.#dropped, isTruncated: isTruncated || this.#isCut };
  }

  get #count(): number {
    return this.#items.length + this.#dropped.length;
  }

  #add(item: JsonValue): void {
    if (!isJsonObject(item)) {
      this.#dropped.push({ name: '', reason: 'not an object' });
      return;
    }
    const problem = hasForbiddenKey(item) ? 'a member is named __proto__' : this.#kind.problemOf(item);
    if (problem === undefined) this.#items.push(item);
    else this.#dropped.push({ name: shownName(item), reason: problem });
  }
}

function declares(info: UpstreamInfo, capability: string): boolean {
  return isJsonObject(info.capabilities[capability]);
}

function isMethodNotFound(outcome: Outcome): boolean {
  return outcome.kind === 'protocol_error' && outcome.code === WIRE_CODES.methodNotFound;
}

function toolProblem(tool: JsonObject): string | undefined {
  const name = tool['name'];
  const schema = tool['inputSchema'];
  if (typeof name !== 'string' || !TOOL_NAME.test(name)) return 'the name is not a tool name';
  if (!isJsonObject(schema)) return 'inputSchema is not an object';
  if (schema['type'] !== 'object') return 'inputSchema is not of type object';
  const headers = readParamHeaders(schema);
  return headers.ok ? undefined : `x-mcp-header is invalid: ${headers.problem}`;
}

function textProblem(item: JsonObject, member: string): string | undefined {
  const text = item[member];
  if (typeof text !== 'string' || text === '') return `${member} is not a text`;
  return text.length > TEXT_CHARS_MAX ? `${member} is too long` : undefined;
}

function shownName(item: JsonObject): string {
  const name = item['name'] ?? item['uri'] ?? item['uriTemplate'];
  return typeof name === 'string' ? cleanText(name.slice(0, 128)) : '';
}

/** Definitions are merged and copied as objects, where such a member would change the prototype. */
function hasForbiddenKey(value: JsonValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasForbiddenKey);
}

/** The scanner has proven the bytes of a result; those of another kind do not come from an upstream. */
function parseObject(bytes: Buffer): JsonObject | undefined {
  if (bytes.length === 0) return undefined;
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}
