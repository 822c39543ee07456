/**
 * Who may import whom. `imports` are value imports; `types` may be imported as
 * types besides. A folder that is missing here fails the test, so that a new
 * one is placed on purpose.
 */
export interface FolderRule {
  readonly imports: readonly string[];
  readonly types: readonly string[];
  readonly why: string;
}

export const FOLDER_RULES: Readonly<Record<string, FolderRule>> = {
  platform: { imports: [], types: [], why: 'leaf: clock, limits, logger' },
  protocol: { imports: ['platform'], types: [], why: 'pure: no I/O, no clock' },
  definitions: { imports: ['protocol', 'platform'], types: ['pipeline'], why: 'contracts and their schemas' },
  tenancy: { imports: ['platform'], types: [], why: 'rules of projects and tokens, with ports' },
  pipeline: {
    imports: ['protocol', 'platform'],
    types: ['tenancy', 'definitions', 'upstream'],
    why: 'the guardrails; receives snapshots through ports',
  },
  transports: {
    imports: ['protocol', 'platform'],
    types: ['tenancy'],
    why: 'how messages arrive; knows no guardrail',
  },
  routing: {
    imports: ['protocol', 'pipeline', 'platform'],
    types: ['tenancy', 'transports', 'upstream'],
    why: 'JSON-RPC: from message to call, from outcome to answer',
  },
  upstream: {
    imports: ['protocol', 'transports', 'platform'],
    types: ['secrets', 'definitions', 'pipeline'],
    why: 'other MCP servers, behind the egress guard',
  },
  catalog: {
    imports: ['protocol', 'pipeline', 'upstream', 'platform'],
    types: ['routing', 'definitions'],
    why: 'what the upstreams of a project offer, and where a name leads',
  },
  secrets: { imports: ['platform'], types: ['tenancy'], why: 'values never leave as strings in logs' },
  jobs: { imports: ['platform'], types: [], why: 'queue and workers' },
  observability: {
    imports: ['platform'],
    types: ['protocol', 'pipeline', 'tenancy'],
    why: 'audit, metrics, traces',
  },
  storage: {
    imports: ['platform', 'tenancy'],
    types: ['pipeline', 'jobs', 'observability', 'secrets'],
    why: 'implements ports with SQL',
  },
  config: {
    imports: ['platform'],
    types: ['pipeline', 'upstream', 'catalog', 'transports', 'tenancy', 'storage'],
    why: 'what the operator wrote, validated',
  },
  admin: {
    imports: [
      'definitions',
      'upstream',
      'tenancy',
      'jobs',
      'observability',
      'secrets',
      'config',
      'protocol',
      'transports',
      'platform',
      'gateway',
    ],
    types: ['storage'],
    why: 'control plane; only the CLI starts the gateway',
  },
  'example-upstream': {
    imports: ['protocol', 'platform', 'transports'],
    types: [],
    why: 'bundled MCP server',
  },
  gateway: {
    imports: [
      'protocol',
      'definitions',
      'pipeline',
      'transports',
      'routing',
      'upstream',
      'catalog',
      'tenancy',
      'secrets',
      'storage',
      'jobs',
      'observability',
      'config',
      'admin',
      'platform',
    ],
    types: [],
    why: 'composition root: config to parts to a running process',
  },
  server: {
    imports: ['protocol', 'definitions', 'pipeline', 'transports', 'routing', 'platform'],
    types: ['tenancy'],
    why: 'composition root of the library: definitions to a running server, without gateway and database',
  },
  testing: {
    imports: [
      'protocol',
      'definitions',
      'pipeline',
      'transports',
      'routing',
      'upstream',
      'tenancy',
      'server',
      'platform',
    ],
    types: [],
    why: 'what tests and users of the library build on',
  },
};

/** Files that stand directly in `src/`. */
export const ROOT_FILES: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['definitions', 'server', 'platform'],
};

/** Node modules and packages that only one folder may see. */
export const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  undici: ['upstream/egress'],
  'node:net': ['upstream/egress', 'storage', 'transports/http'],
  'node:dns': ['upstream/egress'],
  'node:dns/promises': ['upstream/egress'],
  'node:http': ['transports/http', 'admin', 'gateway'],
  'node:https': ['admin/cli'],
  'node:child_process': ['upstream/stdio'],
  'node:worker_threads': ['storage/pglite'],
  pg: ['storage'],
  '@electric-sql/pglite': ['storage/pglite'],
  ajv: ['definitions/json-schema'],
  'ajv/dist/2020.js': ['definitions/json-schema'],
  re2js: ['definitions/json-schema'],
  zod: ['config', 'definitions'],
  commander: ['admin/cli'],
};
