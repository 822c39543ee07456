import type { StorageProblem } from '../../storage/index.ts';
import type { AdminErrorCode } from '../contract/index.ts';
import { AdminProblem } from './admin-call.ts';

/** What a failure of storage means to whoever made the request. Others are our own mistakes. */
const OF_STORAGE: Readonly<Partial<Record<StorageProblem, AdminErrorCode>>> = {
  busy: 'overloaded',
  closed: 'overloaded',
  bad_name: 'invalid_value',
  allow_list_too_long: 'invalid_value',
  name_taken: 'name_taken',
  no_such_project: 'not_found',
  project_archived: 'project_archived',
  too_many_tokens: 'too_many_tokens',
};

/** SQLSTATE classes and socket errors of a database that is away, stopping or out of connections. */
const DATABASE_AWAY = /^(?:08|53|57)[0-9A-Z]{3}$|^E[A-Z]+$/;

/** The catalogue entry of any error; `internal` for what nobody expected. */
export function problemOf(error: unknown): AdminProblem {
  if (error instanceof AdminProblem) return error;
  if (typeof error !== 'object' || error === null) return new AdminProblem('internal');
  if ('problem' in error && typeof error.problem === 'string') {
    return new AdminProblem(OF_STORAGE[error.problem as StorageProblem] ?? 'internal');
  }
  const isAway = 'code' in error && typeof error.code === 'string' && DATABASE_AWAY.test(error.code);
  return new AdminProblem(isAway ? 'overloaded' : 'internal');
}
