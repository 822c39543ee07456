import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DefinitionError } from './definition-error.ts';
import { defineTool, type ToolOptions } from './define-tool.ts';
import type { SchemaLike } from './infer.ts';

type Loose = ToolOptions<SchemaLike, undefined, Record<string, { retryable: boolean; recovery: string }>>;

const base: Loose = {
  name: 'list_tickets',
  description: 'List the open tickets of this project, newest first',
  input: { type: 'object', properties: {} },
  effects: 'read',
  handler: () => 'ok',
};

const listingOf = (options: Partial<Loose>) => defineTool({ ...base, ...options }).listing;

describe('what is generated from the contract of a tool', () => {
  it('a read is safe to retry, and says so in its description and in all four annotations', () => {
    const listing = listingOf({ title: 'List tickets' });
    expect(listing['description']).toBe(
      'List the open tickets of this project, newest first. Safe to retry.',
    );
    expect(listing['annotations']).toEqual({
      title: 'List tickets',
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    });
    expect(listing['inputSchema']).toEqual({ type: 'object', properties: {}, additionalProperties: false });
  });

  it('a write that is not idempotent takes a key, and says what happens without it', () => {
    const listing = listingOf({
      name: 'send_email',
      description: 'Send an email.',
      effects: 'write',
      openWorld: true,
    });
    expect(listing['description']).toBe(
      'Send an email. Not safe to retry: a second call takes effect a second time, unless it passes the same idempotency_key (remembered for 1 hour).',
    );
    expect(listing['annotations']).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: true,
    });
    expect(listing['inputSchema']).toMatchObject({
      properties: { idempotency_key: { type: 'string', minLength: 1, maxLength: 128 } },
      additionalProperties: false,
    });
  });

  it('an idempotent write takes none', () => {
    const listing = listingOf({ effects: 'destructive', idempotent: true });
    expect(JSON.stringify(listing)).not.toContain('idempotency_key');
    expect(listing['annotations']).toMatchObject({
      destructiveHint: true,
      idempotentHint: true,
      readOnlyHint: false,
    });
  });

  it('lists the declared errors with what to do', () => {
    const listing = listingOf({
      errors: {
        PROJECT_ARCHIVED: { retryable: false, recovery: 'Ask the user to unarchive the project.' },
        BUSY: { retryable: true, recovery: 'Wait for retry_after_ms' },
      },
    });
    expect(listing['description']).toContain(
      'Errors: PROJECT_ARCHIVED (permanent: Ask the user to unarchive the project); BUSY (temporary: Wait for retry_after_ms).',
    );
  });

  it('does not say twice what the author wrote about retrying', () => {
    const description = 'List tickets. It is safe to retry.';
    expect(listingOf({ description })['description']).toBe(description);
  });

  it('shows examples in the schema', () => {
    const tool = defineTool({
      ...base,
      input: z.object({ a: z.string() }),
      examples: [{ a: 'x' }],
      handler: () => 'ok',
    });
    expect(tool.listing['inputSchema']).toMatchObject({ examples: [{ a: 'x' }] });
  });
});

describe('a tool is refused where it is defined', () => {
  it.each<[string, Partial<Loose>]>([
    ['without a name', { name: '' }],
    ['with a name that some models refuse', { name: 'list.tickets' }],
    ['with a name longer than 64 characters', { name: 'a'.repeat(65) }],
    ['without a description', { description: ' ' }],
    ['with an invisible character in its description', { description: 'List\u200b tickets' }],
    ['with a tag character in its description', { description: 'List\u{e0041} tickets' }],
    ['with unknown effects', { effects: 'maybe' as 'read' }],
    ['as a read that is not idempotent', { idempotent: false }],
    ['that claims to be safe to retry and is not', { effects: 'write', description: 'Send. Safe to retry.' }],
    ['that claims not to be safe to retry and is', { description: 'List. Not safe to retry.' }],
    [
      'with an error code that looks like one of the runtime',
      { errors: { rate_limited: { retryable: true, recovery: 'Wait.' } } },
    ],
    ['with an error without recovery', { errors: { BUSY: { retryable: true, recovery: '' } } }],
    ['with a timeout of zero', { limits: { timeoutMs: 0 } }],
    ['with an endless timeout', { limits: { timeoutMs: Number.POSITIVE_INFINITY } }],
    ['with a rate of zero', { limits: { rate: { calls: 0, windowMs: 1_000 } } }],
    [
      'with a key of its own',
      { effects: 'write', input: { type: 'object', properties: { idempotency_key: { type: 'string' } } } },
    ],
    ['as a resource although it writes', { effects: 'write', exposeAsResource: { uri: 'a://b' } }],
    ['as a resource with a variable that is no argument', { exposeAsResource: { uri: 'a://{id}' } }],
  ])('%s', (_name, options) => {
    expect(() => defineTool({ ...base, ...options })).toThrow(DefinitionError);
  });
});
