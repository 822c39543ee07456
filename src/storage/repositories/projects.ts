import { randomUUID } from 'node:crypto';
import { LIST_ROWS_MAX } from '../../platform/limits.ts';
import type { Database, Queryable } from '../database.ts';
import { StorageError, sqlState } from '../errors.ts';
import { storableText } from '../text.ts';
import { clampLimit, isUuid } from './keys-of-rows.ts';

/** Instants are epoch milliseconds. */
export interface ProjectRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly archivedAtMs: number | undefined;
}

/** A project to make. */
export interface NewProject {
  /** 1 to 200 characters, unique in the installation. */
  readonly name: string;
  /** A UUID. Default: a new one. */
  readonly id?: string;
}

export interface ProjectRepository {
  /** Makes a project. Rejects with `StorageError` `bad_name` or `name_taken` (also for an id that exists). */
  create(project: NewProject): Promise<ProjectRecord>;
  /** All projects by name, at most `limit` (default and bound `LIST_ROWS_MAX`). */
  list(limit?: number): Promise<ProjectRecord[]>;
  /** The project with this id or, when `by` is `name`, of this name. */
  get(key: string, by?: 'id' | 'name'): Promise<ProjectRecord | undefined>;
  /** Archives a project: its tokens are refused from now on. False when there is none, or it was archived before. */
  archive(id: string): Promise<boolean>;
}

/** A row of `projects` as `PROJECT_COLUMNS` reads it. */
export interface ProjectDbRow {
  readonly id: string;
  readonly name: string;
  readonly created_at_ms: number;
  readonly archived_at_ms: number | null;
}

export const PROJECT_COLUMNS: string = `id, name, (extract(epoch from created_at) * 1000)::float8 as created_at_ms,
  (extract(epoch from archived_at) * 1000)::float8 as archived_at_ms`;
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

export function createProjectRepository(database: Database): ProjectRepository {
  return {
    create: (project) => database.asSystem((tx) => insertProject(tx, project)),
    async list(limit = LIST_ROWS_MAX) {
      const { rows } = await database.asSystem((tx) =>
        tx.query<ProjectDbRow>(`select ${PROJECT_COLUMNS} from projects order by name limit $1`, [
          clampLimit(limit),
        ]),
      );
      return rows.map(toProjectRecord);
    },
    async get(key, by = 'id') {
      // An id that is no UUID belongs to no project; the database would call it an error.
      if (by === 'id' && !isUuid(key)) return undefined;
      const { rows } = await database.asSystem((tx) =>
        tx.query<ProjectDbRow>(
          `select ${PROJECT_COLUMNS} from projects where ${by === 'id' ? 'id' : 'name'} = $1`,
          [storableText(key)],
        ),
      );
      return rows[0] === undefined ? undefined : toProjectRecord(rows[0]);
    },
    async archive(id) {
      if (!isUuid(id)) return false;
      const { rowCount } = await database.asSystem((tx) =>
        tx.query('update projects set archived_at = now() where id = $1 and archived_at is null', [id]),
      );
      return rowCount === 1;
    },
  };
}

/** Makes a project within a transaction of the system role. Rejects as `ProjectRepository.create` does. */
export async function insertProject(tx: Queryable, project: NewProject): Promise<ProjectRecord> {
  const { name, id = randomUUID() } = project;
  if (!isUuid(id)) throw new StorageError('not_a_project_id', 'The project id is not a UUID.');
  try {
    const { rows } = await tx.query<ProjectDbRow>(
      `insert into projects (id, name) values ($1, $2) returning ${PROJECT_COLUMNS}`,
      [id, storableText(name)],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the inserted project was not returned');
    return toProjectRecord(row);
  } catch (error) {
    throw projectProblem(error) ?? error;
  }
}

/** What a failed write of a project means; undefined when it was not the fault of the name. */
export function projectProblem(error: unknown): StorageError | undefined {
  if (sqlState(error) === UNIQUE_VIOLATION) {
    return new StorageError('name_taken', 'There is a project of this name or id already.');
  }
  if (sqlState(error) === CHECK_VIOLATION) {
    return new StorageError('bad_name', 'A project name has 1 to 200 characters.');
  }
  return undefined;
}

export function toProjectRecord(row: ProjectDbRow): ProjectRecord {
  return {
    id: row.id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    archivedAtMs: row.archived_at_ms ?? undefined,
  };
}
