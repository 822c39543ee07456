import {
  annotated,
  bareTool,
  exampleContract,
  readTool,
  textParam,
  withParams,
  writeTool,
} from '../../examples.ts';
import { hints, told, writes } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const ALL = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

ruleTable('annot', {
  'annot/explicit': {
    valid: [hints(ALL)],
    invalid: [
      { input: hints({}), says: 'No hint' },
      { input: hints(undefined as never), says: 'No hint' },
      { input: hints({ readOnlyHint: true }), says: 'destructiveHint, idempotentHint, openWorldHint' },
    ],
  },
  'annot/title': {
    valid: [{ tools: [readTool()] }],
    invalid: [
      { input: hints(ALL), says: 'no annotations.title' },
      { input: { tools: [readTool({ title: undefined })] }, paths: ['/title'] },
      { input: { tools: [{ name: 'get_user' }] }, says: 'no title and no annotations.title' },
    ],
  },
  'annot/types': {
    valid: [hints(ALL), hints({ ...ALL, vendor: 5 }), { tools: [readTool({ annotations: undefined })] }],
    invalid: [
      { input: hints({ readOnlyHint: 'true' }), paths: ['/annotations/readOnlyHint'] },
      { input: hints({ readOnly: true }), says: '`readOnly`' },
      hints({ destructive_hint: true }),
      hints({ title: 5 }),
      { input: hints([]), paths: ['/annotations'] },
    ],
  },
  'annot/coherent': {
    valid: [
      hints(ALL),
      hints({ readOnlyHint: false, destructiveHint: true, idempotentHint: false }),
      hints({ readOnlyHint: true }),
    ],
    invalid: [
      {
        input: hints({ readOnlyHint: true, destructiveHint: true }),
        paths: ['/annotations/destructiveHint'],
      },
      { input: hints({ readOnlyHint: true, idempotentHint: false }), paths: ['/annotations/idempotentHint'] },
    ],
  },
  'annot/verb-mismatch': {
    valid: [
      told('delete_preview', 'Shows what would be deleted, read-only.'),
      told('get_commit', 'Reads it.'),
      told('list_pull_requests', 'Lists them.'),
      told('pull_request_read', 'Reads it.'),
      told('search_orders', 'Searches.'),
      writes('get_mail', 'Gets it and marks it as read.'),
      writes('sync_ledger', 'Syncs.'),
      told('open_nodes', 'Opens.'),
    ],
    invalid: [
      { input: told('delete_repo', 'Removes it.'), says: '`delete`' },
      { input: writes('get_user', 'Gets it.'), says: '`get`' },
      told('send_mail', 'Sends it.'),
    ],
  },
  'annot/destructive-mismatch': {
    valid: [
      writes('delete_repo', 'x', { destructiveHint: true }),
      writes('delete_mail', 'Moves it to the trash.', { destructiveHint: false }),
      writes('create_repo', 'x', { destructiveHint: false }),
      writes('delete_repo', 'x'),
    ],
    invalid: [
      writes('delete_repo', 'x', { destructiveHint: false }),
      writes('purge-cache', 'x', { destructiveHint: false }),
    ],
  },
  'annot/read-destructive': {
    valid: [
      writes('search_a', 'x', { destructiveHint: false }),
      told('search_a', 'x', { annotations: { readOnlyHint: true, destructiveHint: true } }),
    ],
    invalid: [writes('search_pages', 'x', { destructiveHint: true })],
  },
  'annot/idempotent-mismatch': {
    valid: [
      writes('create_directory', 'Does nothing if it exists.', { idempotentHint: true }),
      writes('send_mail', 'x', { idempotentHint: false }),
      { tools: [annotated({ idempotentHint: true }, writeTool({ description: 'x' }))] },
      writes('update_user', 'x', { idempotentHint: true }),
    ],
    invalid: [writes('send_mail', 'x', { idempotentHint: true })],
  },
  'annot/open-world': {
    valid: [
      hints({ openWorldHint: true }, { name: 'fetch_url' }),
      hints({ openWorldHint: false }, { name: 'get_user' }),
    ],
    invalid: [
      hints({ openWorldHint: false }, { name: 'fetch_url' }),
      { tools: [withParams({ url: textParam() })] },
    ],
  },
  'annot/idempotency-key': {
    valid: [
      { tools: [writeTool()] },
      writes('send_mail', 'x', { idempotentHint: true }),
      writes('update_user', 'x'),
      told('create_report', 'x'),
      {
        tools: [writeTool({ name: 'send_mail', inputSchema: { type: 'object' } })],
        contracts: { send_mail: exampleContract({ isDeduplicated: true }) },
      },
    ],
    invalid: [writes('send_mail', 'x'), writes('add_comment', 'x')],
  },
  'annot/long-running': {
    valid: [
      { tools: [bareTool()], contracts: { sync_ledger: exampleContract({ timeoutMs: 30_000 }) } },
      {
        tools: [bareTool()],
        contracts: { sync_ledger: exampleContract({ timeoutMs: 90_000, hasProgress: true }) },
      },
      { tools: [bareTool()] },
    ],
    invalid: [{ tools: [bareTool()], contracts: { sync_ledger: exampleContract({ timeoutMs: 30_001 }) } }],
  },
  'annot/scope': {
    valid: [
      { tools: [bareTool()], contracts: { sync_ledger: exampleContract({}, 'scopes') } },
      { tools: [readTool()], contracts: { search_invoices: exampleContract({ scopes: [] }) } },
    ],
    invalid: [{ tools: [bareTool()], contracts: { sync_ledger: exampleContract({ scopes: [] }) } }],
  },
});
