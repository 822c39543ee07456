import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../platform/json.ts';
import { silentLogger } from '../platform/logger.ts';
import { FakeUpstream, TestClock } from '../testing/index.ts';
import { flushPromises } from '../testing/test-clock.ts';
import type { ListContent, ListKind } from '../routing/index.ts';
import { ProjectDirectory } from './project-directory.ts';
import type { CompileSchema } from './remote-tool.ts';
import { UpstreamCatalog, type ToolSettings } from './upstream-catalog.ts';

const compileSchema: CompileSchema = () => ({ ok: true, validate: () => [] });
const limits = { timeoutMs: 10_000, responseBytesMax: 1_000_000, rate: undefined };

function tool(name: string): JsonObject {
  return { name, inputSchema: { type: 'object' } };
}

interface Content {
  readonly tools?: readonly string[];
  readonly resources?: readonly string[];
  readonly templates?: readonly string[];
  readonly prompts?: readonly string[];
}

function upstream(name: string, content: Content): FakeUpstream {
  return new FakeUpstream({
    name,
    answers: {
      'tools/list': () => ({ tools: (content.tools ?? []).map(tool) }),
      'resources/list': () => ({ resources: (content.resources ?? []).map((uri) => ({ uri, name: uri })) }),
      'resources/templates/list': () => ({
        resourceTemplates: (content.templates ?? []).map((uriTemplate) => ({
          uriTemplate,
          name: uriTemplate,
        })),
      }),
      'prompts/list': () => ({ prompts: (content.prompts ?? []).map((prompt) => ({ name: prompt })) }),
    },
  });
}

function directoryOf(
  upstreams: readonly FakeUpstream[],
  settings: Readonly<Record<string, Readonly<Record<string, Partial<ToolSettings>>>>> = {},
): { directory: ProjectDirectory; clock: TestClock } {
  const clock = new TestClock();
  const catalogs = upstreams.map((fake) => {
    const own = Object.entries(settings[fake.name] ?? {});
    const tools = new Map(
      own.map(([name, value]): [string, ToolSettings] => [
        name,
        { name: undefined, enabled: true, limits, ...value },
      ]),
    );
    return new UpstreamCatalog({
      upstream: fake,
      settings: { name: fake.name, prefix: fake.name, configRevision: '1', limits, tools },
      clock,
      logger: silentLogger,
      compileSchema,
    });
  });
  return { directory: new ProjectDirectory(catalogs, { logger: silentLogger, clock }), clock };
}

const signal = { aborted: false, abortCause: undefined, onAbort: () => () => {} } as const;

async function namesOf(directory: ProjectDirectory, kind: ListKind, endpoint?: string): Promise<string[]> {
  const content = await contentOf(directory, kind, endpoint);
  return content.items.map((item) => item.name);
}

async function contentOf(
  directory: ProjectDirectory,
  kind: ListKind,
  endpoint?: string,
): Promise<ListContent> {
  const view = directory.view(endpoint);
  if (view === undefined) throw new Error('there is no such endpoint');
  return view.list(kind, signal);
}

describe('the directory of a project', () => {
  it('prefixes tools and prompts at the aggregated endpoint and leaves URIs alone', async () => {
    const { directory } = directoryOf([
      upstream('a', { tools: ['echo'], prompts: ['ask'], resources: ['x://1'], templates: ['x://{id}'] }),
      upstream('b', { tools: ['echo'] }),
    ]);
    expect(await namesOf(directory, 'tools')).toEqual(['a__echo', 'b__echo']);
    expect(await namesOf(directory, 'prompts')).toEqual(['a__ask']);
    expect(await namesOf(directory, 'resources')).toEqual(['x://1']);
    expect(await namesOf(directory, 'resourceTemplates')).toEqual(['x://{id}']);
  });

  it('shows one upstream unprefixed at its own endpoint, and knows no other endpoint', async () => {
    const { directory } = directoryOf([
      upstream('a', { tools: ['echo'] }),
      upstream('b', { tools: ['sum'] }),
    ]);
    expect(await namesOf(directory, 'tools', 'b')).toEqual(['sum']);
    expect(directory.view('c')).toBeUndefined();
  });

  it('serves the others when one upstream is away, and says which one', async () => {
    const dead = upstream('dead', { tools: ['x'] });
    dead.isDown = true;
    const { directory } = directoryOf([dead, upstream('b', { tools: ['sum'] })]);
    const content = await contentOf(directory, 'tools');
    expect(content.items.map((item) => item.name)).toEqual(['b__sum']);
    expect(content.meta).toEqual({
      'dev.breakwater/unavailable_upstreams': [
        { upstream: 'dead', code: 'upstream_unreachable', list: 'missing' },
      ],
    });
  });

  it('serves the others when one upstream hangs, without waiting for its deadline', async () => {
    const mute = new FakeUpstream({ name: 'mute', answers: { 'tools/list': () => new Promise(() => {}) } });
    const { directory, clock } = directoryOf([mute, upstream('b', { tools: ['sum'] })]);
    const list = contentOf(directory, 'tools');
    await flushPromises();
    clock.advance(7_000);
    const content = await list;
    expect(content.items.map((item) => item.name)).toEqual(['b__sum']);
    expect(content.meta).toEqual({
      'dev.breakwater/unavailable_upstreams': [{ upstream: 'mute', code: 'timeout', list: 'pending' }],
    });
  });

  it('hands out the same list object while nothing has changed, so that it is serialised once', async () => {
    const { directory } = directoryOf([upstream('a', { tools: ['echo'] })]);
    expect(await contentOf(directory, 'tools')).toBe(await contentOf(directory, 'tools'));
  });

  it('renames and hides tools as the operator says, and undoes the renaming when they are called', async () => {
    const { directory } = directoryOf([upstream('a', { tools: ['echo', 'rm', 'sum'] })], {
      a: { echo: { name: 'say' }, rm: { enabled: false } },
    });
    expect(await namesOf(directory, 'tools')).toEqual(['a__say', 'a__sum']);
    const view = directory.view(undefined);
    expect(view?.resolve({ kind: 'tool', name: 'a__say' })).toMatchObject({ remoteName: 'echo' });
    expect(view?.resolve({ kind: 'tool', name: 'a__echo' })).toEqual({ code: 'tool_not_found' });
    expect(view?.resolve({ kind: 'tool', name: 'a__rm' })).toEqual({ code: 'tool_disabled' });
  });

  it('lets a name lead to its upstream even before that was ever reached', () => {
    const { directory } = directoryOf([upstream('a', { tools: ['echo'] })]);
    expect(directory.view(undefined)?.resolve({ kind: 'tool', name: 'a__echo' })).toMatchObject({
      remoteName: 'echo',
    });
    expect(directory.view(undefined)?.resolve({ kind: 'tool', name: 'b__echo' })).toEqual({
      code: 'tool_not_found',
    });
  });

  it('answers an unknown name from the list, and asks the upstream again only after a while', async () => {
    const { directory, clock } = directoryOf([upstream('a', { tools: ['echo'] })]);
    await contentOf(directory, 'tools');
    const view = directory.view(undefined);
    expect(view?.resolve({ kind: 'tool', name: 'a__new' })).toEqual({ code: 'tool_not_found' });
    clock.advance(5_000);
    expect(view?.resolve({ kind: 'tool', name: 'a__new' })).toMatchObject({ remoteName: 'new' });
  });

  it('routes a resource by its listed URI, then by a template, and knows no owner otherwise', async () => {
    const { directory } = directoryOf([
      upstream('a', { resources: ['x://1'] }),
      upstream('b', { resources: ['x://1', 'y://1'], templates: ['z://{id}/data'] }),
    ]);
    await contentOf(directory, 'resources');
    await contentOf(directory, 'resourceTemplates');
    const view = directory.view(undefined);
    expect(view?.resolve({ kind: 'resource', uri: 'x://1' })).toMatchObject({ upstream: 'a' });
    expect(view?.resolve({ kind: 'resource', uri: 'y://1' })).toMatchObject({ upstream: 'b' });
    expect(view?.resolve({ kind: 'resource', uri: 'z://7/data' })).toMatchObject({ upstream: 'b' });
    expect(view?.resolve({ kind: 'resource', uri: 'q://1' })).toMatchObject({ code: 'resource_not_found' });
  });

  it('calls the tool by one name in every allow-list, whichever endpoint shows it', () => {
    const { directory } = directoryOf([upstream('a', { tools: ['echo'] })]);
    expect(directory.view(undefined)?.allowListName('a__echo')).toBe('a__echo');
    expect(directory.view('a')?.allowListName('echo')).toBe('a__echo');
  });
});
