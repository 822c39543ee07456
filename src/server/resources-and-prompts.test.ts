import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DefinitionError, definePrompt, defineResource, defineTool } from '../definitions/index.ts';
import { assertRefused, RpcFailure } from '../testing/index.ts';
import { makeServer } from './fixtures/make-server.ts';

const config = defineResource({
  uri: 'config://current',
  name: 'current_config',
  description: 'Configuration of this project.',
  cacheMs: 5_000,
  read: (_none, ctx) => ({ project: ctx.project.id }),
});

const ticket = defineResource({
  uri: 'handoff://tickets/{id}',
  name: 'ticket',
  description: 'One ticket.',
  complete: { id: (typed) => ['10', '11', '20'].filter((id) => id.startsWith(typed)) },
  read: ({ id }) => (id === '10' ? `Ticket ${id}` : undefined),
});

const failure = async (work: Promise<unknown>): Promise<RpcFailure> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RpcFailure)) throw new Error('expected a JSON-RPC error');
  return error;
};

describe('resources', () => {
  it('are listed with their uri, or as templates', async () => {
    const { client } = makeServer({ resources: [ticket, config] });
    expect(await client.listResources()).toEqual([
      { uri: 'config://current', name: 'current_config', description: 'Configuration of this project.' },
    ]);
    expect(await client.listResourceTemplates()).toEqual([
      { uriTemplate: 'handoff://tickets/{id}', name: 'ticket', description: 'One ticket.' },
    ]);
  });

  it('show text, values as JSON and bytes as base64, each with its type', async () => {
    const read = (name: string, content: string | Uint8Array | { a: number }) =>
      defineResource({ uri: `x://${name}`, name, description: 'X.', read: () => content });
    const { client } = makeServer({
      resources: [read('text', 'hello'), read('value', { a: 1 }), read('bytes', new Uint8Array([1, 2, 255]))],
    });
    const contentsOf = async (name: string) =>
      (await client.request('resources/read', { uri: `x://${name}` }))['contents'];
    expect(await contentsOf('text')).toEqual([{ uri: 'x://text', mimeType: 'text/plain', text: 'hello' }]);
    expect(await contentsOf('value')).toEqual([
      { uri: 'x://value', mimeType: 'application/json', text: '{"a":1}' },
    ]);
    expect(await contentsOf('bytes')).toEqual([
      { uri: 'x://bytes', mimeType: 'application/octet-stream', blob: 'AQL/' },
    ]);
  });

  it('carry their cache hint in the modern era, always private', async () => {
    const { client } = makeServer({ resources: [config] });
    expect(await client.request('resources/read', { uri: 'config://current' })).toMatchObject({
      ttlMs: 5_000,
      cacheScope: 'private',
    });
  });

  it('that their handler does not find, and those that nobody defined, do not exist', async () => {
    const { client } = makeServer({ resources: [ticket] });
    expect(await client.readResource('handoff://tickets/10')).toBe('Ticket 10');
    for (const uri of ['handoff://tickets/99', 'handoff://tickets/..', 'other://x']) {
      const { data } = await failure(client.readResource(uri));
      expect(data).toMatchObject({ code: 'resource_not_found' });
    }
  });

  it('whose handler throws say nothing of it', async () => {
    const broken = defineResource({
      uri: 'x://broken',
      name: 'broken',
      description: 'X.',
      read: () => {
        throw new Error('password=hunter2');
      },
    });
    const { data, message } = await failure(
      makeServer({ resources: [broken] }).client.readResource('x://broken'),
    );
    expect(data).toMatchObject({ code: 'internal' });
    expect(JSON.stringify([data, message])).not.toContain('hunter2');
  });

  it('complete the variables of their templates, at most 100', async () => {
    const wide = defineResource({
      uri: 'w://{id}',
      name: 'wide',
      description: 'Wide.',
      complete: { id: () => Array.from({ length: 250 }, (_, index) => String(index)) },
      read: () => '',
    });
    const { client } = makeServer({ resources: [ticket, wide] });
    expect(await client.complete({ template: 'handoff://tickets/{id}' }, { name: 'id', value: '1' })).toEqual(
      ['10', '11'],
    );
    expect(
      await client.complete({ template: 'handoff://tickets/{id}' }, { name: 'other', value: '1' }),
    ).toEqual([]);
    const { completion } = await client.request('completion/complete', {
      ref: { type: 'ref/resource', uri: 'w://{id}' },
      argument: { name: 'id', value: '' },
    });
    expect(completion).toMatchObject({ total: 250, hasMore: true });
    expect((completion as { values: string[] }).values).toHaveLength(100);
  });

  it('are not defined with a completion for what is no variable, nor twice', () => {
    expect(() =>
      defineResource({
        uri: 'x://a',
        name: 'a',
        description: 'A.',
        complete: { id: () => [] } as never,
        read: () => '',
      }),
    ).toThrow(DefinitionError);
    expect(() => makeServer({ resources: [config, config] })).toThrow(DefinitionError);
  });
});

describe('a tool that is exposed as a resource', () => {
  const handler = vi.fn(({ status, limit }: { status: string; limit: number }) => ({
    found: `${status} ${String(limit)}`,
  }));
  const tool = defineTool({
    name: 'list_tickets',
    description: 'List tickets.',
    input: z.object({ status: z.enum(['open', 'done']), limit: z.int().min(1).max(50).default(5) }),
    output: z.object({ found: z.string() }),
    effects: 'read',
    errors: { ARCHIVED: { retryable: false, recovery: 'Unarchive it.' } },
    exposeAsResource: { uri: 'tickets://{status}/{limit}', cacheMs: 1_000 },
    handler: (args, ctx) => (args.limit === 13 ? ctx.fail('ARCHIVED') : handler(args)),
  });

  it('is read by the same handler, with text turned into what its schema asks for', async () => {
    const { client } = makeServer({ tools: [tool] });
    expect(await client.readResource('tickets://open/7')).toBe('{"found":"open 7"}');
    expect(handler).toHaveBeenLastCalledWith({ status: 'open', limit: 7 });
    expect((await client.callTool('list_tickets', { status: 'open', limit: 7 })).structured).toEqual({
      found: 'open 7',
    });
    expect(await client.listResourceTemplates()).toMatchObject([
      { uriTemplate: 'tickets://{status}/{limit}', name: 'list_tickets' },
    ]);
    expect(await client.request('resources/read', { uri: 'tickets://done/1' })).toMatchObject({
      ttlMs: 1_000,
    });
  });

  it('does not exist under a uri whose variables are no arguments of it', async () => {
    const { client } = makeServer({ tools: [tool] });
    for (const uri of ['tickets://other/7', 'tickets://open/0', 'tickets://open/x']) {
      expect((await failure(client.readResource(uri))).data).toMatchObject({ code: 'resource_not_found' });
    }
  });

  it('tells its declared errors as the data of a JSON-RPC error', async () => {
    const { client } = makeServer({ tools: [tool] });
    const error = await failure(client.readResource('tickets://open/13'));
    expect(error.data).toMatchObject({ code: 'ARCHIVED', retryable: false, request_id: expect.any(String) });
    expect(error.message).toBe('Unarchive it.');
  });
});

describe('prompts', () => {
  const triage = definePrompt({
    name: 'triage_ticket',
    title: 'Triage a ticket',
    description: 'Decide what to do with a ticket.',
    input: z.object({
      id: z.string().describe('Id from list_tickets'),
      tone: z.enum(['short', 'thorough']).default('short'),
    }),
    complete: { id: (typed) => ['10', '11'].filter((id) => id.startsWith(typed)) },
    render: ({ id, tone }) => `Triage ticket ${id}, ${tone}.`,
  });

  it('list their arguments', async () => {
    const { client } = makeServer({ prompts: [triage] });
    expect(await client.listPrompts()).toEqual([
      {
        name: 'triage_ticket',
        title: 'Triage a ticket',
        description: 'Decide what to do with a ticket.',
        arguments: [
          { name: 'id', description: 'Id from list_tickets', required: true },
          { name: 'tone', description: 'One of: short, thorough. Default short.', required: false },
        ],
      },
    ]);
  });

  it('are rendered with checked arguments and defaults', async () => {
    const { client } = makeServer({ prompts: [triage] });
    expect(await client.getPrompt('triage_ticket', { id: '10' })).toEqual(['Triage ticket 10, short.']);
    expect((await failure(client.getPrompt('triage_ticket', {}))).data).toMatchObject({
      code: 'invalid_arguments',
    });
    expect((await failure(client.getPrompt('triage_ticket', { id: '1', x: '' }))).data).toMatchObject({
      code: 'invalid_arguments',
    });
    expect((await failure(client.getPrompt('other'))).data).toMatchObject({ code: 'prompt_not_found' });
  });

  it('complete enumerations from the schema, and the rest from their author', async () => {
    const { client } = makeServer({ prompts: [triage] });
    expect(await client.complete({ prompt: 'triage_ticket' }, { name: 'tone', value: 't' })).toEqual([
      'thorough',
    ]);
    expect(await client.complete({ prompt: 'triage_ticket' }, { name: 'id', value: '1' })).toEqual([
      '10',
      '11',
    ]);
  });

  it('can do without arguments, and can have several messages', async () => {
    const plain = definePrompt({
      name: 'plain',
      description: 'Plain.',
      render: () => [
        { role: 'user', content: { type: 'text', text: 'a' } },
        { role: 'assistant', content: { type: 'text', text: 'b' } },
      ],
    });
    const { client } = makeServer({ prompts: [plain] });
    expect(await client.getPrompt('plain')).toEqual(['a', 'b']);
    expect(await client.request('server/discover')).toMatchObject({ capabilities: { prompts: {} } });
  });

  it('take text only, which is refused where they are defined', () => {
    expect(() =>
      definePrompt({ name: 'p', description: 'P.', input: z.object({ n: z.number() }), render: () => '' }),
    ).toThrow(DefinitionError);
  });
});

describe('a refusal of something that is no tool', () => {
  it('is a JSON-RPC error with the error object as its data', async () => {
    const { client } = makeServer({ resources: [config], limits: { rate: { calls: 1, windowMs: 1_000 } } });
    await client.readResource('config://current');
    const { data } = await failure(client.readResource('config://current'));
    expect(data).toMatchObject({ code: 'rate_limited', retryable: true, retry_after_ms: expect.any(Number) });
    expect(() =>
      assertRefused({ isError: false, text: 'x', structured: undefined, error: undefined, raw: {} }, 'y'),
    ).toThrow(/expected the error y/);
  });
});
