import type { Database, Queryable, SqlValue } from '../database.ts';
import { storableText } from '../text.ts';
import type { PageOptions } from './admin-events.ts';
import { clampLimit, isUuid } from './keys-of-rows.ts';
import { PROJECT_COLUMNS, type ProjectDbRow, type ProjectRecord, toProjectRecord } from './projects.ts';
import { TOKEN_COLUMNS, type TokenDbRow, type TokenRecord, toTokenRecord } from './tokens.ts';

export interface ProjectListOptions {
  readonly state?: 'active' | 'archived' | undefined;
  /** Exact. */
  readonly name?: string | undefined;
  /** Name of the last row of the page before. */
  readonly afterName?: string | undefined;
  /** Default and bound `LIST_ROWS_MAX`. */
  readonly limit?: number | undefined;
}

/** What administrators read. `projectId` undefined means every project, for operators. */
export interface AdminReads {
  /** By name. */
  listProjects(projectId: string | undefined, options?: ProjectListOptions): Promise<ProjectRecord[]>;
  getProject(id: string): Promise<ProjectRecord | undefined>;
  /** Tokens of one project, newest first. */
  listTokens(projectId: string, page?: PageOptions): Promise<TokenRecord[]>;
  getToken(tokenId: string, projectId: string | undefined): Promise<TokenRecord | undefined>;
  /** The token with this digest, whatever its state. */
  findToken(tokenHash: Buffer, projectId: string | undefined): Promise<TokenRecord | undefined>;
}

export function createAdminReads(database: Database): AdminReads {
  /** As the project where there is one, so that row-level security stands behind every `where`. */
  const read = <Result>(
    projectId: string | undefined,
    fn: (tx: Queryable) => Promise<Result>,
  ): Promise<Result> => (projectId === undefined ? database.asSystem(fn) : database.asProject(projectId, fn));
  return {
    listProjects: (projectId, options = {}) => read(projectId, (tx) => listProjects(tx, options)),
    async getProject(id) {
      if (!isUuid(id)) return undefined;
      const { rows } = await database.asProject(id, (tx) =>
        tx.query<ProjectDbRow>(`select ${PROJECT_COLUMNS} from projects where id = $1`, [id]),
      );
      return rows[0] === undefined ? undefined : toProjectRecord(rows[0]);
    },
    async listTokens(projectId, page = {}) {
      if (!isUuid(projectId) || (page.afterId !== undefined && !isUuid(page.afterId))) return [];
      const params: SqlValue[] = [clampLimit(page.limit ?? Number.POSITIVE_INFINITY)];
      if (page.afterId !== undefined) params.push(page.afterId);
      // A cursor of another project finds no row here, and a comparison with nothing is true of nothing.
      const after =
        page.afterId === undefined
          ? 'true'
          : '(created_at, id) < (select created_at, id from tokens where id = $2)';
      const { rows } = await database.asProject(projectId, (tx) =>
        tx.query<TokenDbRow>(
          `select ${TOKEN_COLUMNS} from tokens where ${after} order by created_at desc, id desc limit $1`,
          params,
        ),
      );
      return rows.map(toTokenRecord);
    },
    async getToken(tokenId, projectId) {
      if (!isUuid(tokenId)) return undefined;
      const { rows } = await read(projectId, (tx) =>
        tx.query<TokenDbRow>(`select ${TOKEN_COLUMNS} from tokens where id = $1`, [tokenId]),
      );
      return rows[0] === undefined ? undefined : toTokenRecord(rows[0]);
    },
    async findToken(tokenHash, projectId) {
      // Not as the project: that role may not read digests.
      const { rows } = await database.asSystem((tx) =>
        tx.query<TokenDbRow>(
          `select ${TOKEN_COLUMNS} from tokens where token_hash = $1 and ($2::uuid is null or project_id = $2)`,
          [tokenHash, projectId ?? null],
        ),
      );
      return rows[0] === undefined ? undefined : toTokenRecord(rows[0]);
    },
  };
}

async function listProjects(tx: Queryable, options: ProjectListOptions): Promise<ProjectRecord[]> {
  const params: SqlValue[] = [clampLimit(options.limit ?? Number.POSITIVE_INFINITY)];
  const conditions = ['true'];
  if (options.state !== undefined) {
    conditions.push(`archived_at is ${options.state === 'active' ? '' : 'not '}null`);
  }
  if (options.name !== undefined) {
    params.push(storableText(options.name));
    conditions.push(`name = $${params.length}`);
  }
  if (options.afterName !== undefined) {
    params.push(storableText(options.afterName));
    conditions.push(`name > $${params.length}`);
  }
  const { rows } = await tx.query<ProjectDbRow>(
    `select ${PROJECT_COLUMNS} from projects where ${conditions.join(' and ')} order by name limit $1`,
    params,
  );
  return rows.map(toProjectRecord);
}
