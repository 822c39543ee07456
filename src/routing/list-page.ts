import type { ListContent, ListItem, ListKind } from './directory.ts';

/**
 * Items of one page. Many clients read only the first page, so a page holds
 * what nearly every gateway has in all; 500 tools of 2 KB are one megabyte.
 */
export const LIST_PAGE_ITEMS_MAX = 500;

/** Distinct tool allow-lists whose filtered list is kept for one content. */
const FILTERED_KEPT_MAX = 64;

const MEMBER: Readonly<Record<ListKind, string>> = {
  tools: 'tools',
  resources: 'resources',
  resourceTemplates: 'resourceTemplates',
  prompts: 'prompts',
};

export interface PageRequest {
  readonly kind: ListKind;
  readonly cursor: string | undefined;
  /** Tools outside it are not shown; undefined shows all. */
  readonly allowList: ReadonlySet<string> | undefined;
}

export interface Page {
  /** The result object, serialised. */
  readonly bytes: Buffer;
  readonly hasMeta: boolean;
}

/** Pages already serialised, per content: a list is stringified once, not once a request. */
const pages = new WeakMap<ListContent, Map<string, Page>>();

/** Serialises one page of a list, or undefined when the cursor is not one of ours for this content. */
export function listPage(content: ListContent, request: PageRequest): Page | undefined {
  const offset = request.cursor === undefined ? 0 : readCursor(request.cursor, content.version);
  if (offset === undefined || (offset > 0 && offset >= content.items.length)) return undefined;
  const filter = request.allowList === undefined ? '' : [...request.allowList].toSorted().join('\n');
  const key = `${String(offset)}|${filter}`;
  let kept = pages.get(content);
  if (kept === undefined) {
    kept = new Map();
    pages.set(content, kept);
  }
  const ready = kept.get(key);
  if (ready !== undefined) return ready;
  const page = buildPage(content, request, offset);
  if (kept.size >= FILTERED_KEPT_MAX) kept.clear();
  kept.set(key, page);
  return page;
}

function buildPage(content: ListContent, request: PageRequest, offset: number): Page {
  const allowed = request.allowList;
  const visible: readonly ListItem[] =
    allowed === undefined ? content.items : content.items.filter((item) => allowed.has(item.allowListName));
  const items = visible.slice(offset, offset + LIST_PAGE_ITEMS_MAX);
  const members = [`"${MEMBER[request.kind]}":[${items.map((item) => item.json).join(',')}]`];
  const next = offset + LIST_PAGE_ITEMS_MAX;
  if (next < visible.length)
    members.push(`"nextCursor":${JSON.stringify(writeCursor(next, content.version))}`);
  if (content.meta !== undefined) members.push(`"_meta":${JSON.stringify(content.meta)}`);
  return { bytes: Buffer.from(`{${members.join(',')}}`), hasMeta: content.meta !== undefined };
}

/** Opaque to clients. It names the version, so that a list that changed meanwhile is started again. */
function writeCursor(offset: number, version: string): string {
  return Buffer.from(`${String(offset)}.${version}`).toString('base64url');
}

function readCursor(cursor: string, version: string): number | undefined {
  if (cursor.length > 128) return undefined;
  const match = /^(\d{1,7})\.(.+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  return match?.[2] === version ? Number(match[1]) : undefined;
}
