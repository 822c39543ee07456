import { readFileSync } from 'node:fs';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import { modern, sendResult, startFakeHttpServer } from '../../../test/support/upstream/fake-http-server.ts';
import type { FakeHttpServer } from '../../../test/support/upstream/fake-http-server.ts';
import { TEST_CERTIFICATE } from '../../../test/support/upstream/tls-certificate.ts';
import { options, TestSignal } from '../../../test/support/upstream/signals.ts';
import { createHttpUpstream } from '../create-upstream.ts';
import type { HttpUpstreamOptions } from '../create-upstream.ts';
import type { Upstream } from '../upstream.ts';
import { createGuardedConnect } from './guarded-connect.ts';
import { createGuardedLookup, EgressBlockedError } from './guarded-lookup.ts';
import type { Resolve } from './guarded-lookup.ts';
import { classifyNetworkError } from './network-error.ts';
import { isPublicAddress } from './address-policy.ts';
import { assertNoEnvironmentProxy } from './proxy-environment.ts';

interface Vector {
  readonly id: string;
  readonly category: string;
  readonly input: string;
  readonly expect: { readonly decision: string; readonly code: string };
  readonly dns?: { readonly answers: readonly (string | readonly string[])[] };
  readonly response?: {
    readonly status: number;
    readonly location?: string;
    readonly headers?: Record<string, string>;
  };
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../../test/vectors/ssrf.json', import.meta.url), 'utf8'),
) as { vectors: readonly Vector[] };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function upstream(extra: Partial<HttpUpstreamOptions> & { url: unknown }): Upstream {
  const created = createHttpUpstream({
    name: 'x',
    policy: { origin: 'project', allowCidrs: [] },
    clock: systemClock,
    logger: silentLogger,
    connectTimeoutMs: 1_000,
    ...extra,
  });
  cleanups.push(() => created.close());
  return created;
}

async function serve(...args: Parameters<typeof startFakeHttpServer>): Promise<FakeHttpServer> {
  const server = await startFakeHttpServer(...args);
  cleanups.push(() => server.close());
  return server;
}

/** A resolver that gives the answers of a vector, one per look-up, and counts. */
function scripted(answers: readonly (string | readonly string[])[]): {
  resolve: Resolve;
  lookups: () => number;
} {
  let lookups = 0;
  const resolve: Resolve = (_hostname, done) => {
    const answer = answers[Math.min(lookups, answers.length - 1)] ?? [];
    lookups += 1;
    if (answer === 'HANG') return;
    if (typeof answer === 'string') done(Object.assign(new Error(answer), { code: answer }), []);
    else done(null, answer.map(address));
  };
  return { resolve, lookups: () => lookups };
}

function address(ip: string): LookupAddress {
  return { address: ip, family: isIP(ip) };
}

const dnsVectors = vectors.filter((vector) => vector.category === 'dns');
const blockedByName = dnsVectors.filter(
  (v) => v.expect.decision === 'block' && v.expect.code === 'address_not_public',
);
const failing = dnsVectors.filter(
  (v) => v.expect.code !== 'address_not_public' && v.expect.decision !== 'allow',
);

describe('names are vetted when they are dialled', () => {
  it('runs non-empty vector groups', () => {
    expect(blockedByName.length).toBeGreaterThan(5);
    expect(failing.length).toBeGreaterThan(2);
  });

  it.each(blockedByName)('$id is blocked: $input', async (vector) => {
    const { resolve, lookups } = scripted(vector.dns?.answers ?? []);
    const blocked = upstream({ url: vector.input, resolve });
    // The answer says neither the address nor the reason.
    expect(await blocked.request('tools/call', {}, options())).toEqual({
      kind: 'refused',
      refusal: { code: 'destination_blocked' },
    });
    expect(lookups()).toBe(1);
  });

  // An empty answer is a name that cannot be reached, like an unknown one, rather than a policy matter.
  it.each(failing)('$id is unreachable: $input', async (vector) => {
    const { resolve } = scripted(vector.dns?.answers ?? []);
    const outcome = await upstream({ url: vector.input, resolve }).request('tools/call', {}, options());
    expect(outcome).toMatchObject({ kind: 'failed', refusal: { code: 'upstream_unreachable' } });
    // The resolver of this machine says nothing about the upstream.
    const isNeutral = outcome.kind === 'failed' && outcome.refusal.breakerEffect === 'neutral';
    expect(isNeutral).toBe(vector.dns?.answers[0] === 'EAI_AGAIN');
  });

  it.each(dnsVectors.filter((v) => ['allow', 'pin'].includes(v.expect.decision)))(
    '$id hands exactly the vetted answer to the dialler',
    (vector) => {
      const { resolve, lookups } = scripted(vector.dns?.answers ?? []);
      const lookup = createGuardedLookup(resolve, isPublicAddress);
      const dialled: unknown[] = [];
      const dial = (): void =>
        lookup('x', { all: true }, (error, addresses) => dialled.push(error ?? addresses));
      dial();
      expect(dialled[0]).toEqual(((vector.dns?.answers[0] ?? []) as readonly string[]).map(address));
      expect(lookups()).toBe(1);
      if (vector.expect.decision === 'pin') {
        dial();
        expect(dialled[1]).toBeInstanceOf(EgressBlockedError);
      }
    },
  );

  it('dials the address that was vetted, with one look-up', async () => {
    const server = await serve(modern((request, response) => sendResult(request, response, {})));
    const { port } = new URL(server.url);
    const { resolve, lookups } = scripted([['127.0.0.1'], ['10.0.0.1']]);
    const policy = { origin: 'project', allowCidrs: ['127.0.0.0/8'] } as const;
    const named = upstream({ url: `http://mcp.example.org:${port}/mcp`, resolve, policy });
    expect(await named.connect(new TestSignal())).toMatchObject({ ok: true });
    expect(lookups()).toBe(1);
    expect(server.requests[0]?.headers.host).toBe(`mcp.example.org:${port}`);
  });

  it('checks the certificate against the name, not against the address that was dialled', async () => {
    const server = await serve(
      modern((request, response) => sendResult(request, response, {})),
      TEST_CERTIFICATE,
    );
    const { port } = new URL(server.url);
    const common = {
      resolve: scripted([['127.0.0.1']]).resolve,
      policy: { origin: 'operator', allowCidrs: [] },
    } as const;
    const right = { ...common, url: `https://mcp.example.org:${port}/mcp` };
    const wrong = { ...common, url: `https://other.example.org:${port}/mcp` };
    const caPem = TEST_CERTIFICATE.cert;
    const unreachable = { ok: false, outcome: { kind: 'failed', refusal: { code: 'upstream_unreachable' } } };
    expect(await upstream({ ...right, caPem }).connect(new TestSignal())).toMatchObject({ ok: true });
    expect(await upstream({ ...wrong, caPem }).connect(new TestSignal())).toEqual(unreachable);
    // Nobody has vouched for the certificate.
    expect(await upstream(right).connect(new TestSignal())).toEqual(unreachable);
    expect(server.requests).toHaveLength(1);
  });

  it('lets a URL that only the allow-list admits reach nothing else, not even public addresses', async () => {
    const { resolve } = scripted([['93.184.215.14']]);
    const policy = { origin: 'project', allowCidrs: ['127.0.0.0/8'] } as const;
    const named = upstream({ url: 'http://mcp.example.org:8080/', resolve, policy });
    expect(await named.connect(new TestSignal())).toMatchObject({
      ok: false,
      outcome: { refusal: { code: 'destination_blocked' } },
    });
  });

  it('blocks an operator name that resolves to a metadata address', async () => {
    const { resolve } = scripted([['169.254.169.254']]);
    const named = upstream({
      url: 'http://intranet/',
      resolve,
      policy: { origin: 'operator', allowCidrs: [] },
    });
    expect(await named.connect(new TestSignal())).toMatchObject({
      outcome: { refusal: { code: 'destination_blocked' } },
    });
  });

  it('refuses an answer with more addresses than a service has', () => {
    const many = Array.from({ length: 65 }, (_unused, i) => `8.8.8.${i}`);
    const results: unknown[] = [];
    createGuardedLookup(scripted([many]).resolve, isPublicAddress)('x', { all: true }, (error) =>
      results.push(error),
    );
    expect(results[0]).toBeInstanceOf(EgressBlockedError);
  });
});

describe('literal addresses are vetted when they are dialled', () => {
  it.each(['10.0.0.1', '::ffff:127.0.0.1', '169.254.169.254'])('%s is not dialled', async (hostname) => {
    // The URL was checked before; a stored one may be older than the policy.
    const connect = createGuardedConnect({ policy: { origin: 'project', allowCidrs: [] } }, false);
    const error = await new Promise((resolve) => {
      connect({ hostname, protocol: 'http:', port: '1' }, (...[failure]) => resolve(failure));
    });
    expect(error).toBeInstanceOf(EgressBlockedError);
  });
});

describe('redirects are never followed', () => {
  it.each(vectors.filter((vector) => vector.category === 'redirect'))('$id: $response', async (vector) => {
    const canary = await serve((_request, response) => response.end());
    const { status = 200, location, headers = {} } = vector.response ?? {};
    const retarget = (text: string): string => text.replace(/127\.0\.0\.1(:443)?/, new URL(canary.url).host);
    const server = await serve((request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, retarget(value));
      if (status === 200) return modern((q, s) => sendResult(q, s, {}))(request, response);
      response.writeHead(status, location === undefined ? {} : { location: retarget(location) }).end();
    });
    const target = upstream({ url: server.url, policy: { origin: 'operator', allowCidrs: [] } });
    const outcome = await target.request('tools/call', {}, options());
    // Headers that announce another place on a good answer change nothing, so that answer is used.
    if (status === 200) expect(outcome).toMatchObject({ kind: 'ok' });
    else expect(outcome).toMatchObject({ kind: 'failed', refusal: { code: 'upstream_redirect' } });
    expect(await target.request('tools/call', {}, options())).toEqual(outcome);
    expect(canary.connections()).toBe(0);
  });
});

describe('classifyNetworkError', () => {
  it('has an answer for errors of every kind', () => {
    const coded = (code: string): Error => Object.assign(new Error('x'), { code });
    expect(classifyNetworkError(new EgressBlockedError(), 'not_sent')).toBe('blocked');
    expect(classifyNetworkError(coded('EMFILE'), 'not_sent')).toBe('local');
    expect(classifyNetworkError(coded('ECONNRESET'), 'sent')).toBe('unreachable');
    expect(classifyNetworkError(coded('ECONNRESET'), 'answering')).toBe('broken_answer');
    expect(classifyNetworkError(coded('HPE_INVALID_CONSTANT'), 'sent')).toBe('broken_answer');
    expect(classifyNetworkError(coded('UND_ERR_BODY_TIMEOUT'), 'answering')).toBe('timeout');
    expect(classifyNetworkError(new AggregateError([coded('ECONNREFUSED')]), 'not_sent')).toBe('unreachable');
    expect(classifyNetworkError(new Error('bare'), 'sent')).toBe('broken_answer');
    expect(classifyNetworkError(coded('CERT_HAS_EXPIRED'), 'not_sent')).toBe('unreachable');
    expect(classifyNetworkError('text', 'not_sent')).toBe('unreachable');
  });
});

describe('assertNoEnvironmentProxy', () => {
  it('refuses an environment that sends requests through a proxy', () => {
    expect(() => assertNoEnvironmentProxy({ NODE_USE_ENV_PROXY: '1' })).toThrow(/NODE_USE_ENV_PROXY/);
    expect(() => assertNoEnvironmentProxy({ NODE_OPTIONS: '--use-env-proxy' })).toThrow(/proxy/);
    expect(() =>
      assertNoEnvironmentProxy({ HTTPS_PROXY: 'http://p', NODE_USE_ENV_PROXY: '0' }),
    ).not.toThrow();
  });
});
