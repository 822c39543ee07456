import type { JsonObject } from '../../platform/json.ts';
import { type ApiClient, CliFailure } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { memberText } from './member.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id of the project that is meant: by id or name, or without either the
 * one that the token belongs to, or the only one there is.
 */
export async function findProject(client: ApiClient, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined && UUID.test(wanted)) return wanted;
  if (wanted !== undefined) {
    const [byName] = await client.list({ path: '/projects', query: { name: wanted } });
    if (byName !== undefined) return idOf(byName);
    throw new CliFailure(
      EXIT.notFound,
      'there is no project of this name. `breakwater project list` shows them.',
    );
  }
  const caller = await client.request({ method: 'GET', path: '/whoami' });
  if (typeof caller['project_id'] === 'string') return caller['project_id'];
  const active = await client.list({ path: '/projects', query: { state: 'active' } }, 2);
  if (active.length === 1 && active[0] !== undefined) return idOf(active[0]);
  throw new CliFailure(EXIT.usage, 'there is more than one project, or none: name one with --project.');
}

function idOf(row: JsonObject): string {
  return memberText(row, 'id');
}
