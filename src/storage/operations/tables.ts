import type { Queryable } from '../database.ts';

/** Tables of the schema in an order in which each comes after those that it refers to. Partitions are part of their table. */
export async function listTables(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ name: string; needs: string[] }>(`
    select c.relname as name, coalesce(
        (select array_agg(distinct r.relname::text) from pg_constraint k join pg_class r on r.oid = k.confrelid
          where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid), '{}') as needs
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'schema_migrations'
     order by c.relname`);
  const ordered: string[] = [];
  const left = new Map(rows.map(({ name, needs }) => [name, needs]));
  while (left.size > 0) {
    const free = [...left].find(([, needs]) => needs.every((need) => !left.has(need)));
    if (free === undefined) throw new Error('the tables refer to each other in a circle');
    ordered.push(free[0]);
    left.delete(free[0]);
  }
  return ordered;
}

/** A name from the catalog as it stands in a statement. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Rows of a table as the system sees them, which is all of them. */
export async function countRows(tx: Queryable, table: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::float8 as count from ${identifier(table)}`,
  );
  return rows[0]?.count ?? 0;
}
