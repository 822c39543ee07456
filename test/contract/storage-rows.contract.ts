import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../src/observability/index.ts';
import type { OwnedDatabase } from '../../src/storage/database.ts';
import type { Storage } from '../../src/storage/index.ts';
import { createAuthenticator, hashToken } from '../../src/tenancy/index.ts';
import { TestClock } from '../../src/testing/test-clock.ts';

/** A database with two projects, each with a token and a call. */
export interface Parts {
  readonly storage: Storage;
  readonly owned: OwnedDatabase;
  readonly own: string;
  readonly foreign: string;
}

/** A record of one call that went well. */
export function callOf(projectId: string | undefined, changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    callId: randomUUID(),
    projectId,
    tokenId: undefined,
    method: 'tools/call',
    subject: 'tickets_list',
    upstream: 'tickets',
    remoteName: 'list',
    revision: '2025-11-25',
    transport: 'http',
    status: 'success',
    code: undefined,
    kind: 'ok',
    commitState: undefined,
    requestBytes: 10,
    responseBytes: 20,
    argumentsHash: undefined,
    startedAtMs: Date.now(),
    durationMs: 1.25,
    traceId: undefined,
    ...changes,
  };
}

/** Tokens and projects as the repositories promise them. */
export function describeTokens(parts: () => Parts): void {
  describe('tokens', () => {
    it('are found by digest alone, with everything that authentication needs', async () => {
      const { storage, own } = parts();
      const expiresAtMs = Date.UTC(2040, 0, 1);
      const { token, record } = await storage.tokens.create({
        projectId: own,
        name: 'ci',
        scopes: ['tools:call', 'tools:read'],
        toolAllowList: ['a', 'b"c,{}'],
        expiresAtMs,
      });
      const row = await storage.tokens.lookup(hashToken(storage.keys.tokenPepper, token));
      expect(row).toEqual({
        tokenId: record.id,
        projectId: own,
        scopes: ['tools:call', 'tools:read'],
        toolAllowList: ['a', 'b"c,{}'],
        expiresAtMs,
        revokedAtMs: undefined,
      });
      expect(await storage.tokens.lookup(randomBytes(32))).toBeUndefined();
      expect(JSON.stringify(await storage.tokens.list(own))).not.toContain(token);
    });

    it('are listed for their project only', async () => {
      const { storage, own, foreign } = parts();
      expect((await storage.tokens.list(own)).every(({ projectId }) => projectId === own)).toBe(true);
      expect(await storage.tokens.list(foreign)).toHaveLength(1);
    });

    it('are revoked within their project only, once, and every listener is told at once', async () => {
      const { storage, own, foreign } = parts();
      const { token, record } = await storage.tokens.create({
        projectId: own,
        name: 'short-lived',
        scopes: [],
      });
      const told: string[] = [];
      const unlisten = await storage.database.listen('bw_tokens', (payload) => told.push(payload));
      expect(await storage.tokens.revoke(foreign, record.id)).toBe(false);
      expect(await storage.tokens.revoke(own, record.id)).toBe(true);
      expect(await storage.tokens.revoke(own, record.id)).toBe(false);
      expect(await storage.tokens.revoke(own, 'no id')).toBe(false);
      await expect.poll(() => told).toEqual([record.id]);
      await unlisten();
      const row = await storage.tokens.lookup(hashToken(storage.keys.tokenPepper, token));
      expect(row?.revokedAtMs).toEqual(expect.any(Number));
    });

    it('stop working through a warm cache when somebody revokes them in plain SQL', async () => {
      const { storage, owned, own } = parts();
      const authenticator = createAuthenticator({
        lookup: storage.tokens,
        pepper: storage.keys.tokenPepper,
        clock: new TestClock(),
      });
      const unlisten = await storage.database.listen('bw_tokens', (id) =>
        authenticator.invalidate(id === '' ? undefined : id),
      );
      const { token, record } = await storage.tokens.create({
        projectId: own,
        name: 'cached',
        scopes: ['tools:call'],
      });
      const ask = () => authenticator.authenticate({ kind: 'bearer', token });
      expect((await ask()).ok).toBe(true);
      expect(ask()).not.toBeInstanceOf(Promise);
      await owned.asSystem((tx) =>
        tx.query('update tokens set revoked_at = now() where id = $1', [record.id]),
      );
      await expect
        .poll(async () => await ask())
        .toMatchObject({ ok: false, failure: 'token_revoked', tokenId: record.id });
      await unlisten();
    });

    it('of an archived project are revoked with it', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `archived ${randomUUID()}` });
      const { token } = await storage.tokens.create({ projectId: id, name: 't', scopes: [] });
      const told: string[] = [];
      await storage.database.listen('bw_tokens', (payload) => told.push(payload));
      expect(await storage.projects.archive(id)).toBe(true);
      await expect.poll(() => told).toEqual(['']);
      expect(
        (await storage.tokens.lookup(hashToken(storage.keys.tokenPepper, token)))?.revokedAtMs,
      ).toBeDefined();
    });

    it('note their use without telling the caches', async () => {
      const { storage, own } = parts();
      const { token, record } = await storage.tokens.create({ projectId: own, name: 'used', scopes: [] });
      const told: string[] = [];
      const unlisten = await storage.database.listen('bw_tokens', (payload) => told.push(payload));
      await storage.tokens.lookup(hashToken(storage.keys.tokenPepper, token));
      const used = async () =>
        (await storage.tokens.list(own)).find(({ id }) => id === record.id)?.lastUsedAtMs;
      await expect.poll(used).toBeDefined();
      expect(told).toEqual([]);
      await unlisten();
    });

    it('need a project that exists and a name', async () => {
      const { storage, own } = parts();
      const make = (projectId: string, name: string) =>
        storage.tokens.create({ projectId, name, scopes: [] });
      await expect(make(randomUUID(), 'n')).rejects.toMatchObject({ problem: 'no_such_project' });
      await expect(make('not an id', 'n')).rejects.toMatchObject({ problem: 'no_such_project' });
      await expect(make(own, '')).rejects.toMatchObject({ problem: 'bad_name' });
    });
  });

  describe('projects', () => {
    it('have a unique name and are found by id and by name', async () => {
      const { storage } = parts();
      const name = `name ${randomUUID()}`;
      const project = await storage.projects.create({ name });
      expect(await storage.projects.get(project.id)).toEqual(project);
      expect(await storage.projects.get(name, 'name')).toEqual(project);
      expect(await storage.projects.get(randomUUID())).toBeUndefined();
      expect(await storage.projects.get('no id')).toBeUndefined();
      await expect(storage.projects.create({ name })).rejects.toMatchObject({ problem: 'name_taken' });
      await expect(storage.projects.create({ name: '' })).rejects.toMatchObject({ problem: 'bad_name' });
    });
  });
}

/** The audit log as the repository promises it. */
export function describeToolCalls(parts: () => Parts): void {
  describe('calls', () => {
    it('read back as they were written, newest first, page by page, for their project only', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `calls ${randomUUID()}` });
      const base = Date.now();
      const calls = Array.from({ length: 25 }, (_, index) =>
        callOf(id, {
          startedAtMs: base + Math.floor(index / 2),
          tokenId: randomUUID(),
          argumentsHash: 'cd'.repeat(32),
          traceId: 'ab'.repeat(16),
          code: 'timeout',
          status: 'timeout',
          kind: 'failed',
          commitState: 'unknown',
          responseBytes: 5_000_000_000,
        }),
      );
      expect(await storage.toolCalls.insertBatch(calls)).toEqual({ ok: true });
      const found: AuditRecord[] = [];
      for (;;) {
        const page = await storage.toolCalls.search(id, { limit: 10, after: found.at(-1) });
        found.push(...page);
        if (page.length < 10) break;
      }
      const newestFirst = [...calls].sort(
        (a, b) => b.startedAtMs - a.startedAtMs || (a.callId < b.callId ? 1 : -1),
      );
      expect(found).toEqual(newestFirst);
      expect(await storage.toolCalls.search(parts().own, { callId: calls[0]?.callId })).toEqual([]);
    });

    it('are inserted once, however often they are replayed', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `replayed ${randomUUID()}` });
      const first = callOf(id);
      await storage.toolCalls.insertBatch([first]);
      await storage.toolCalls.insertBatch([
        first,
        { ...first, status: 'error', kind: 'abandoned' },
        callOf(id),
      ]);
      const found = await storage.toolCalls.search(id);
      expect(found).toHaveLength(2);
      expect(found).toContainEqual(first);
    });

    it('survive NUL characters, half surrogates, quotes and megabytes in a name', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `hostile ${randomUUID()}` });
      const subjects = ['a\0b', '\ud800', `"'\\{},NULL`, 'NULL', '', 'x'.repeat(1_000_000)];
      expect(await storage.toolCalls.insertBatch(subjects.map((subject) => callOf(id, { subject })))).toEqual(
        { ok: true },
      );
      const found = (await storage.toolCalls.search(id)).map(({ subject }) => subject);
      expect(new Set(found)).toEqual(
        new Set(['a\ufffdb', '\ufffd', `"'\\{},NULL`, 'NULL', '', 'x'.repeat(512)]),
      );
    });

    it('are found by what they were about', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `search ${randomUUID()}` });
      const old = callOf(id, { startedAtMs: Date.UTC(2020, 0, 1), status: 'error', code: 'circuit_open' });
      const recent = callOf(id, { subject: 'other', upstream: 'crm' });
      await storage.toolCalls.insertBatch([old, recent]);
      const search = async (filter: Parameters<typeof storage.toolCalls.search>[1]) =>
        (await storage.toolCalls.search(id, filter)).map(({ callId }) => callId);
      expect(await search({ status: 'error' })).toEqual([old.callId]);
      expect(await search({ code: 'circuit_open' })).toEqual([old.callId]);
      expect(await search({ upstream: 'crm' })).toEqual([recent.callId]);
      expect(await search({ subject: 'other' })).toEqual([recent.callId]);
      expect(await search({ callId: old.callId })).toEqual([old.callId]);
      expect(await search({ fromMs: Date.UTC(2021, 0, 1) })).toEqual([recent.callId]);
      expect(await search({ toMs: Date.UTC(2020, 0, 1) })).toEqual([]);
      expect(await search({ tokenId: 'no id' })).toEqual([]);
    });

    it('of nobody are shown to operators only', async () => {
      const { storage, own } = parts();
      const nobody = callOf(undefined, { status: 'auth_failure', kind: 'refused', code: 'unauthorized' });
      await storage.toolCalls.insertBatch([nobody]);
      expect(await storage.toolCalls.search(own, { callId: nobody.callId })).toEqual([]);
      expect(await storage.toolCalls.searchUnattributed({ callId: nobody.callId })).toEqual([nobody]);
    });

    it('say when the records are at fault, and insert none of the batch', async () => {
      const { storage } = parts();
      const { id } = await storage.projects.create({ name: `poison ${randomUUID()}` });
      const result = await storage.toolCalls.insertBatch([callOf(id), callOf(id, { callId: 'not a uuid' })]);
      expect(result).toEqual({ ok: false, reason: '22P02' });
      expect(await storage.toolCalls.search(id)).toEqual([]);
    });

    it('go to the partition of their month, and to the default one when there is none', async () => {
      const { storage, owned } = parts();
      const { id } = await storage.projects.create({ name: `months ${randomUUID()}` });
      await storage.toolCalls.insertBatch([callOf(id), callOf(id, { startedAtMs: Date.UTC(1999, 0, 1) })]);
      const { rows } = await owned.asSystem((tx) =>
        tx.query<{ name: string }>(
          'select distinct tableoid::regclass::text as name from tool_calls where project_id = $1 order by 1',
          [id],
        ),
      );
      expect(rows.map(({ name }) => name)).toEqual([
        expect.stringMatching(/^tool_calls_\d{4}_\d{2}$/),
        'tool_calls_default',
      ]);
      expect(await storage.toolCalls.createPartitions(3)).toBe(0);
    });
  });
}
