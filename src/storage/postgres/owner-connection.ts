import type { Client, ClientBase } from 'pg';

export interface OwnerConnectionOptions {
  /** A client of the user that owns the database. */
  readonly owner: () => Client;
  /** A client of the user that serves calls, to learn its name; behind a pooler the address does not tell it. */
  readonly user: () => Client;
}

/**
 * Runs work with the rights of the owner on a connection of its own, and then
 * lets the user that serves calls become the login role. That user owns
 * nothing, so that no statement of a tool leads back to the owner.
 */
export function ownerConnection(
  options: OwnerConnectionOptions,
): <Result>(fn: (client: ClientBase) => Promise<Result>) => Promise<Result> {
  let user: string | undefined;
  return async (fn) =>
    await withClient(options.owner(), async (owner) => {
      const result = await fn(owner);
      user ??= await withClient(options.user(), sessionUser);
      await owner.query(`do $$ begin
        if exists (select from pg_roles where rolname = 'bw_login')
            and not pg_has_role(${literal(user)}, 'bw_login', 'member') then
          execute format('grant bw_login to %I', ${literal(user)});
        end if;
      end $$`);
      return result;
    });
}

async function sessionUser(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select session_user::text as name');
  return rows[0]?.name ?? '';
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function withClient<Result>(
  client: Client,
  fn: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  // Without a listener a connection that breaks would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
