import type { ParamModel, ToolModel } from '../model.ts';

const LIMIT_NAMES: ReadonlySet<string> = new Set([
  'limit',
  'max results',
  'maxresults',
  'page size',
  'pagesize',
  'per page',
  'perpage',
  'top k',
  'top n',
  'num results',
  'number results',
  'max items',
  'max count',
  'max records',
  'max rows',
  'batch size',
  'results per page',
  'first',
  'count',
]);

const CURSOR_NAMES: ReadonlySet<string> = new Set([
  'cursor',
  'page',
  'offset',
  'after',
  'before',
  'page token',
  'next token',
  'page number',
  'page cursor',
  'start cursor',
  'starting after',
  'next cursor',
  'skip',
  'start',
  'from',
  'start index',
  'continuation token',
]);

/** Names by which only a tool that lists something means "at most so many". */
const ONLY_IN_LISTS: ReadonlySet<string> = new Set(['first', 'count']);

const LISTING_VERBS: ReadonlySet<string> = new Set([
  'list',
  'search',
  'find',
  'browse',
  'query',
  'enumerate',
]);

export function isListing(tool: ToolModel): boolean {
  return tool.verb !== undefined && LISTING_VERBS.has(tool.verb.verb);
}

/** True for the parameter that says how many results there may be. */
export function isLimit({ words }: ParamModel, tool: ToolModel): boolean {
  const name = words.join(' ');
  return LIMIT_NAMES.has(name) && (!ONLY_IN_LISTS.has(name) || isListing(tool));
}

/** True for the parameter that says where the results go on. */
export function isCursor({ words }: ParamModel): boolean {
  return CURSOR_NAMES.has(words.join(' ')) || CURSOR_NAMES.has(words.slice(-2).join(' '));
}
