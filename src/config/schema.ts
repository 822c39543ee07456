import { z } from 'zod';
import type { JsonObject } from '../platform/json.ts';
import {
  AUDIT_RETENTION_DAYS_DEFAULT,
  AUDIT_RETENTION_DAYS_MAX,
  AUDIT_RETENTION_DAYS_MIN,
  CONFIG_ENTRIES_MAX,
} from '../platform/limits.ts';
import { checkCidr, checkHost, checkOrigin } from './checks.ts';
import type { Mistake } from './report.ts';
import type { LimitsFile } from './schema-limits.ts';
import { limitsSchema } from './schema-limits.ts';
import type { HttpServerFile, StdioServerFile } from './schema-server.ts';
import { httpServerSchema, NAME_RULE, SERVER_NAME, stdioServerSchema } from './schema-server.ts';

/** `http` with defaults filled in. */
export interface HttpFile {
  path: string;
  allowed_hosts: string[];
  allowed_origins: string[];
}

/** A whole `breakwater.json` with defaults filled in. */
export interface ConfigFile {
  $schema?: string | undefined;
  project: string;
  limits: LimitsFile;
  http: HttpFile;
  egress: { allow: string[] };
  audit: { retention_days: number; durability: 'journal' | 'database' };
  mcpServers?: Record<string, HttpServerFile | StdioServerFile> | undefined;
}

const PROJECT_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const HTTP_PATH = /^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/;

/** A string with a check of its own; the whole mistake travels in the issue. */
function checkedString(check: (value: string) => Mistake | undefined): z.ZodString {
  return z.string().superRefine((value, context) => {
    const mistake = check(value);
    if (mistake !== undefined)
      context.addIssue({ code: 'custom', message: mistake.expected, params: { mistake } });
  });
}

const http = z.strictObject({
  path: z
    .string()
    .max(200)
    .regex(HTTP_PATH, 'a path such as /mcp, without a slash at its end')
    .default('/mcp')
    .describe('Path of the endpoint.'),
  allowed_hosts: z
    .array(checkedString(checkHost))
    .max(CONFIG_ENTRIES_MAX)
    .default([])
    .describe('`Host` values beside the address that the gateway listens on, `name` or `name:port`.'),
  allowed_origins: z
    .array(checkedString(checkOrigin))
    .max(CONFIG_ENTRIES_MAX)
    .default([])
    .describe('Web origins whose pages may call the gateway, `https://app.example.com`.'),
});

const egress = z.strictObject({
  allow: z
    .array(checkedString(checkCidr))
    .max(CONFIG_ENTRIES_MAX)
    .default([])
    .describe('Networks (CIDR) that upstreams may use although they are private, for example `10.1.2.0/24`.'),
});

const audit = z.strictObject({
  durability: z
    .enum(['journal', 'database'])
    .default('journal')
    .describe(
      'Where a call is announced before it is made: in a file of the data folder, which survives the process and works while the database is away, or committed in the database, which survives the machine; then nothing is called while the database is away.',
    ),
  retention_days: z
    .int()
    .min(AUDIT_RETENTION_DAYS_MIN)
    .max(AUDIT_RETENTION_DAYS_MAX)
    .default(AUDIT_RETENTION_DAYS_DEFAULT)
    .describe(
      'Days that calls stay in the audit log. They are dropped by the month, once its last day is that old.',
    ),
});

/**
 * The one description of `breakwater.json`: validation, defaults, the JSON
 * Schema for editors and the reference page all come from here. It is a
 * superset of a client's `mcp.json`.
 */
export const configFileSchema: z.ZodType<ConfigFile> = z.strictObject({
  $schema: z.string().optional().describe('For editors; ignored.'),
  project: z
    .string()
    .regex(PROJECT_NAME, '1 to 63 lower-case letters, digits, "_" or "-", starting with a letter or digit')
    .default('default')
    .describe('Name of the project that these servers belong to.'),
  limits: limitsSchema
    .prefault({})
    .describe('Guards of the whole project. They can be tuned, never switched off.'),
  http: http.prefault({}).describe('The HTTP endpoint.'),
  egress: egress.prefault({}).describe('Where the gateway may connect to.'),
  audit: audit.prefault({}).describe('The audit log.'),
  mcpServers: z
    .record(z.string().regex(SERVER_NAME, NAME_RULE), z.union([httpServerSchema, stdioServerSchema]))
    .optional()
    .describe('The upstream servers by name. Without this key: the bundled example server.'),
});

/** JSON Schema (2020-12) of `breakwater.json` as people write it: defaults optional, nothing unknown. */
export function configJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(configFileSchema, { io: 'input' }) as JsonObject;
  return { ...schema, title: 'Breakwater configuration' };
}
