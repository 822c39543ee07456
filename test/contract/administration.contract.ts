import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Administration } from '../../src/storage/index.ts';
import { hashToken } from '../../src/tenancy/index.ts';
import type { Parts } from './storage-rows.contract.ts';

const GATEWAY = { kind: 'gateway' } as const;

/** Changes of administrators and the record of them, as every database must keep them. */
export function describeAdministration(parts: () => Parts): void {
  describe('administration', () => {
    const actor = () => ({ kind: 'operator', tokenId: randomUUID(), requestId: randomUUID() }) as const;
    const changes: readonly [
      string,
      (administration: Administration, project: string, by: ReturnType<typeof actor>) => Promise<unknown>,
    ][] = [
      ['project.create', (admin, _project, by) => admin.createProject(by, { name: `made ${randomUUID()}` })],
      ['project.rename', (admin, project, by) => admin.renameProject(by, project, `named ${randomUUID()}`)],
      ['project.archive', (admin, project, by) => admin.archiveProject(by, project)],
      ['token.create', (admin, projectId, by) => admin.createToken(by, { projectId, name: 'n', scopes: [] })],
      [
        'token.revoke',
        async (admin, projectId, by) => {
          const { record } = await admin.createToken(GATEWAY, { projectId, name: 'n', scopes: [] });
          return await admin.revokeToken(by, record.id, projectId);
        },
      ],
      ['operator_token.create', (admin, _project, by) => admin.createOperatorToken(by, { name: 'n' })],
      [
        'operator_token.revoke',
        async (admin, _project, by) => {
          const { record } = await admin.createOperatorToken(GATEWAY, { name: 'n' });
          return await admin.revokeOperatorToken(by, record.id);
        },
      ],
    ];

    it.each(changes)('records %s with who, what and which request', async (action, change) => {
      const { administration } = parts().storage;
      const project = await administration.createProject(GATEWAY, { name: `p ${randomUUID()}` });
      const by = actor();
      await change(administration, project.id, by);
      const [event] = (await administration.listEvents(undefined)).filter(
        ({ requestId }) => requestId === by.requestId,
      );
      expect(event).toMatchObject({ action, actorKind: 'operator', actorTokenId: by.tokenId });
      expect(JSON.stringify(event)).not.toMatch(/bw_(live|test|adm)_[0-9A-Za-z]/);
    });

    it.each(changes)('does not make %s when it cannot be recorded', async (_action, change) => {
      const { storage, owned } = parts();
      const { administration } = storage;
      const project = await administration.createProject(GATEWAY, { name: `p ${randomUUID()}` });
      const before = await fingerprint(parts(), project.id);
      await owned.asOwner((connection) => connection.query('revoke insert on admin_events from bw_system'));
      try {
        await expect(change(administration, project.id, actor())).rejects.toMatchObject({ code: '42501' });
      } finally {
        await owned.asOwner((connection) => connection.query('grant insert on admin_events to bw_system'));
      }
      expect(await fingerprint(parts(), project.id)).toEqual(before);
    });

    it('records nothing of a change that fails or changes nothing', async () => {
      const { storage, own } = parts();
      const { administration } = storage;
      const { name } = await administration.createProject(GATEWAY, { name: `p ${randomUUID()}` });
      const { record } = await administration.createToken(GATEWAY, { projectId: own, name: 'n', scopes: [] });
      await administration.revokeToken(GATEWAY, record.id, own);
      const count = async (): Promise<number> => (await administration.listEvents(undefined)).length;
      const before = await count();
      await expect(administration.createProject(actor(), { name })).rejects.toMatchObject({
        problem: 'name_taken',
      });
      await expect(
        administration.createToken(actor(), { projectId: randomUUID(), name: 'n', scopes: [] }),
      ).rejects.toMatchObject({ problem: 'no_such_project' });
      await expect(
        administration.createToken(actor(), { projectId: own, name: '', scopes: [] }),
      ).rejects.toMatchObject({ problem: 'bad_name' });
      expect(await administration.revokeToken(actor(), record.id, own)).toMatchObject({ id: record.id });
      expect(await administration.revokeToken(actor(), randomUUID(), own)).toBeUndefined();
      expect(await administration.archiveProject(actor(), randomUUID())).toBeUndefined();
      expect(await count()).toBe(before);
    });

    it('revokes no token of another project and shows none of its events', async () => {
      const { storage, own, foreign } = parts();
      const { administration } = storage;
      const { record } = await administration.createToken(GATEWAY, {
        projectId: foreign,
        name: 'n',
        scopes: [],
      });
      expect(await administration.revokeToken(actor(), record.id, own)).toBeUndefined();
      expect(await administration.getToken(record.id, own)).toBeUndefined();
      expect((await administration.getToken(record.id, foreign))?.revokedAtMs).toBeUndefined();
      const events = await administration.listEvents(own);
      expect(events.length).toBeGreaterThan(0);
      expect(events.every(({ projectId }) => projectId === own)).toBe(true);
    });

    it('gives an archived project no tokens', async () => {
      const { administration } = parts().storage;
      const { id } = await administration.createProject(GATEWAY, { name: `p ${randomUUID()}` });
      await administration.archiveProject(GATEWAY, id);
      await expect(
        administration.createToken(GATEWAY, { projectId: id, name: 'n', scopes: [] }),
      ).rejects.toMatchObject({ problem: 'project_archived' });
    });

    it('finds the token of an operator by digest, and says whether any is left', async () => {
      const { storage } = parts();
      const { administration, keys } = storage;
      const { token, record } = await administration.createOperatorToken(GATEWAY, { name: 'n' });
      const digest = hashToken(keys.tokenPepper, token);
      expect(await administration.findOperatorToken(digest, 'use')).toMatchObject({ id: record.id });
      expect((await administration.findOperatorToken(digest, 'inspect'))?.lastUsedAtMs).toBeDefined();
      expect(await administration.hasOperatorToken()).toBe(true);
      expect(await administration.createFirstOperatorToken({ name: 'first' })).toBeUndefined();
    });

    it('lists projects and tokens page by page, each row once', async () => {
      const { administration } = parts().storage;
      const { id } = await administration.createProject(GATEWAY, { name: `p ${randomUUID()}` });
      for (let index = 0; index < 5; index += 1) {
        await administration.createToken(GATEWAY, { projectId: id, name: `t${String(index)}`, scopes: [] });
      }
      const names: string[] = [];
      let afterId: string | undefined;
      for (;;) {
        const page = await administration.listTokens(id, { limit: 2, afterId });
        names.push(...page.map(({ name }) => name));
        afterId = page.at(-1)?.id;
        if (page.length < 2) break;
      }
      expect(names).toEqual(['t4', 't3', 't2', 't1', 't0']);
      const [first, second] = await administration.listProjects(undefined, { limit: 2 });
      const next = await administration.listProjects(undefined, { limit: 1, afterName: first?.name });
      expect(next).toEqual([second]);
    });
  });
}

/** Everything that an administrator could have changed. */
async function fingerprint({ owned }: Parts, projectId: string): Promise<object> {
  return await owned.asSystem(async (tx) => {
    const { rows } = await tx.query(
      `select (select json_agg(p order by id) from projects p) as projects,
              (select count(*)::int from tokens where project_id = $1 and revoked_at is not null) as revoked,
              (select count(*)::int from admin_events where actor_kind <> 'gateway') as events,
              (select count(*)::int from operator_tokens where revoked_at is not null) as operators_revoked`,
      [projectId],
    );
    return rows[0] ?? {};
  });
}
