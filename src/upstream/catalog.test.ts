import { describe, expect, it } from 'vitest';
import type { Outcome } from '../pipeline/outcome.ts';
import type { JsonObject } from '../platform/json.ts';
import { options, TestSignal } from '../../test/support/upstream/signals.ts';
import { fetchAll } from './catalog.ts';
import type { Upstream, UpstreamInfo } from './upstream.ts';

function outcomeOf(result: unknown): Outcome {
  const bytes = Buffer.from(typeof result === 'string' ? result : JSON.stringify(result));
  return {
    kind: 'ok',
    result: { kind: 'bytes', bytes, isEmpty: false, hasMeta: false, hasResultType: false },
  };
}

interface FakeUpstream extends Upstream {
  readonly asked: { method: string; params: JsonObject }[];
}

function fake(
  answer: (params: JsonObject) => Outcome,
  capabilities: JsonObject = { tools: {}, resources: {} },
): FakeUpstream {
  const info: UpstreamInfo = { era: 'modern', revision: '2026-07-28', capabilities };
  const asked: { method: string; params: JsonObject }[] = [];
  return {
    name: 'fake',
    info,
    asked,
    connect: () => Promise.resolve({ ok: true, info }),
    request: (method, params) => {
      asked.push({ method, params });
      return Promise.resolve(answer(params));
    },
    close: () => Promise.resolve(),
  };
}

function tool(name: unknown, inputSchema: unknown = { type: 'object' }): object {
  return { name, inputSchema };
}

describe('fetchAll', () => {
  it('collects every page, the empty cursor included', async () => {
    const pages: Record<string, object> = {
      start: { tools: [tool('a')], nextCursor: '' },
      '': { tools: [tool('b')], nextCursor: 'x' },
      x: { tools: [tool('c')] },
    };
    const upstream = fake((params) => outcomeOf(pages[(params['cursor'] as string | undefined) ?? 'start']));
    const result = await fetchAll(upstream, 'tools/list', options());
    expect(result).toMatchObject({ ok: true, dropped: [], isTruncated: false });
    expect(result.ok && result.items.map((item) => item['name'])).toEqual(['a', 'b', 'c']);
    expect(upstream.asked.map(({ params }) => params)).toEqual([{}, { cursor: '' }, { cursor: 'x' }]);
  });

  it('does not ask for what is not declared, and takes method not found for an empty list', async () => {
    const upstream = fake(() => ({ kind: 'protocol_error', code: -32601, message: 'no' }));
    const empty = { ok: true, items: [], dropped: [], isTruncated: false };
    expect(await fetchAll(upstream, 'prompts/list', options())).toEqual(empty);
    expect(upstream.asked).toHaveLength(0);
    expect(await fetchAll(upstream, 'resources/templates/list', options())).toEqual(empty);
    expect(upstream.asked).toHaveLength(1);
  });

  it('drops what is no tool, with a reason and a name that is safe to show', async () => {
    const hostile = [
      tool('ok'),
      tool(''),
      tool('a b'),
      tool('x'.repeat(129)),
      tool(7),
      tool('\u001b[31mred'),
      tool('no-schema', null),
      tool('array', []),
      tool('string-root', { type: 'string' }),
      tool('no-type', {}),
      tool('bad-header', { type: 'object', properties: { a: { type: 'number', 'x-mcp-header': 'A' } } }),
      'text',
      null,
    ];
    const text = JSON.stringify({ tools: hostile }).replace('"no-type"', '"proto","__proto__":{"x":1}');
    const result = await fetchAll(
      fake(() => outcomeOf(text)),
      'tools/list',
      options(),
    );
    expect(result.ok && result.items.map((item) => item['name'])).toEqual(['ok']);
    expect(result.ok && result.dropped).toHaveLength(hostile.length - 1);
    expect(result.ok && result.dropped.every((dropped) => dropped.reason !== '')).toBe(true);
    expect(result.ok && result.dropped.some((dropped) => dropped.name.includes('\u001b'))).toBe(false);
  });

  it('keeps a tool with a valid x-mcp-header', async () => {
    const schema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };
    const result = await fetchAll(
      fake(() => outcomeOf({ tools: [tool('t', schema)] })),
      'tools/list',
      options(),
    );
    expect(result.ok && result.items).toHaveLength(1);
  });

  it('stops at the bounds for pages, items and bytes, and at a cursor that leads to itself', async () => {
    let page = 0;
    const endless = fake(() => outcomeOf({ tools: [], nextCursor: `c${(page += 1)}` }));
    expect(await fetchAll(endless, 'tools/list', options())).toMatchObject({ ok: true, isTruncated: true });
    expect(endless.asked).toHaveLength(50);

    const loop = fake(() => outcomeOf({ tools: [], nextCursor: 'same' }));
    expect(await fetchAll(loop, 'tools/list', options())).toMatchObject({ ok: true, isTruncated: true });
    expect(loop.asked).toHaveLength(2);

    const crowd = fake(() =>
      outcomeOf({ tools: Array.from({ length: 1_001 }, (_unused, i) => tool(`t${i}`)) }),
    );
    const result = await fetchAll(crowd, 'tools/list', options());
    expect(result).toMatchObject({ ok: true, isTruncated: true });
    expect(result.ok && result.items).toHaveLength(1_000);

    const heavy = fake(() =>
      outcomeOf({ tools: [], pad: 'x'.repeat(3 * 1024 * 1024), nextCursor: `h${(page += 1)}` }),
    );
    expect(await fetchAll(heavy, 'tools/list', options())).toMatchObject({ ok: true, isTruncated: true });
    expect(heavy.asked).toHaveLength(3);
  });

  it('passes failures on, and calls a page without its list invalid', async () => {
    const down: Outcome = { kind: 'failed', refusal: { code: 'upstream_error' } };
    expect(
      await fetchAll(
        fake(() => down),
        'tools/list',
        options(),
      ),
    ).toEqual({ ok: false, outcome: down });
    const odd = { ok: false, outcome: { kind: 'failed', refusal: { code: 'upstream_invalid_response' } } };
    expect(
      await fetchAll(
        fake(() => outcomeOf({})),
        'tools/list',
        options(),
      ),
    ).toEqual(odd);
    expect(
      await fetchAll(
        fake(() => outcomeOf({ tools: {} })),
        'tools/list',
        options(),
      ),
    ).toEqual(odd);
    const unconnected: Upstream = {
      ...fake(() => down),
      connect: () => Promise.resolve({ ok: false, outcome: down }),
    };
    expect(await fetchAll(unconnected, 'tools/list', options(new TestSignal()))).toEqual({
      ok: false,
      outcome: down,
    });
  });
});
