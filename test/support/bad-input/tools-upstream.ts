import type { ServerResponse } from 'node:http';
import { answerResult, type Hit } from '../raw-upstream.ts';
import { CONTROL_TOOL, type Rig, startRig } from './rig.ts';

const COMPLETE = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
const OPEN = { type: 'object', additionalProperties: true };

const TOOLS = [
  { name: CONTROL_TOOL, inputSchema: OPEN },
  { name: 't', inputSchema: OPEN },
  { name: 'read', inputSchema: OPEN, annotations: { readOnlyHint: true } },
  { name: 'disabled', inputSchema: OPEN },
  { name: 'strict', inputSchema: { type: 'object', properties: { n: { type: 'number' } } } },
  {
    name: 'mirrored',
    inputSchema: {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        n: { type: 'integer', 'x-mcp-header': 'N' },
      },
    },
  },
];

const ANSWERS: Readonly<Record<string, object>> = {
  'server/discover': {
    ...COMPLETE,
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
  },
  'tools/list': { ...COMPLETE, tools: TOOLS },
  'resources/list': { ...COMPLETE, resources: [] },
  'resources/templates/list': { ...COMPLETE, resourceTemplates: [{ name: 'x', uriTemplate: 'x://{a}/{b}' }] },
  'prompts/list': { ...COMPLETE, prompts: [{ name: '世界' }] },
};

/** Discovery and the lists of an upstream with one tool of each sort. */
export function answerLists(hit: Hit, answer: ServerResponse): boolean {
  const result = ANSWERS[hit.message?.method ?? ''];
  if (result === undefined) return false;
  answerResult(hit, answer, result);
  return true;
}

/** Limits that no trial meets by accident. */
export const WIDE_LIMITS = { rate: { calls: 100_000 } };

/** A gateway whose upstream `up` shows its names unprefixed, as the catalogue of cases has them. */
export function startToolsRig(preliminaries: typeof answerLists = answerLists): Promise<Rig> {
  return startRig({
    preliminaries,
    config: (url) => ({
      limits: WIDE_LIMITS,
      http: { allowed_hosts: ['gw.example.com'] },
      egress: { allow: ['127.0.0.0/8'] },
      mcpServers: {
        up: { type: 'http', url, prefix: '', tools: { disabled: { enabled: false } } },
        // With a single upstream nobody would ask whose a resource is.
        other: { type: 'http', url },
      },
    }),
  });
}
