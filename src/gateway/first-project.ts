import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../platform/json.ts';
import { uuidv7 } from '../platform/ids.ts';
import type { Storage } from '../storage/index.ts';

/** The project that a fresh data folder begins with. */
export interface FirstProject {
  readonly projectId: string;
  /** Only when it was just created: it is stored as a hash and cannot be shown again. */
  readonly token: string | undefined;
  /** Token of an operator. Only when it was just created, as `token`. */
  readonly adminToken: string | undefined;
}

/** Name of the file that says which project the person at this machine works in. */
const LOCAL_PROJECT_FILE = 'local-project.json';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The id of the local project of a data folder; made on first use. It stands
 * in a file and not only in the database, because `breakwater stdio` works
 * beside a running gateway whose database it cannot open.
 */
export function localProjectId(dataDir: string, nowMs: number): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, LOCAL_PROJECT_FILE);
  const existing = readLocalProject(file);
  if (existing !== undefined) return existing;
  const projectId = uuidv7(nowMs);
  const draft = `${file}.${projectId}`;
  writeFileSync(draft, `${JSON.stringify({ project_id: projectId })}\n`, { mode: 0o600 });
  try {
    // A link appears whole or not at all, and fails when another process was first.
    linkSync(draft, file);
    return projectId;
  } catch (error) {
    const winner = readLocalProject(file);
    if (winner === undefined) throw error;
    return winner;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readLocalProject(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const value = parse(text);
  if (isJsonObject(value) && typeof value['project_id'] === 'string' && UUID.test(value['project_id'])) {
    return value['project_id'];
  }
  throw new Error(
    `${file} is damaged. It must be {"project_id":"<uuid>"}; restore it from a backup of the folder.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The project of this data folder, created together with a token when there is
 * none yet; and the token of an operator, when none was ever made.
 */
export async function ensureFirstProject(
  storage: Storage,
  options: {
    readonly dataDir: string;
    readonly name: string;
    readonly nowMs: number;
    readonly newAdminToken: boolean;
  },
): Promise<FirstProject> {
  const projectId = localProjectId(options.dataDir, options.nowMs);
  const adminToken = await createAdminToken(storage, options.newAdminToken);
  if ((await storage.projects.get(projectId)) !== undefined) {
    return { projectId, token: undefined, adminToken };
  }
  const { administration } = storage;
  await administration.createProject(GATEWAY, { id: projectId, name: options.name });
  const created = await administration.createToken(GATEWAY, {
    projectId,
    name: 'first token',
    scopes: ['tools:call', 'tools:read'],
  });
  return { projectId, token: created.token, adminToken };
}

const GATEWAY = { kind: 'gateway' } as const;

async function createAdminToken(
  { administration }: Storage,
  isAnother: boolean,
): Promise<string | undefined> {
  const first = await administration.createFirstOperatorToken({ name: 'first operator token' });
  if (first !== undefined || !isAnother) return first?.token;
  return (await administration.createOperatorToken(GATEWAY, { name: 'made by serve' })).token;
}
