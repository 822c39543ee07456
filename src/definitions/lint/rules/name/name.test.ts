import { readTool } from '../../examples.ts';
import { named, told } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const peers = [{ server: 'mail', prefix: 'mail_', tools: ['send_mail', 'send'] }];

ruleTable('name', {
  'name/required': {
    valid: [named('search_invoices')],
    invalid: [
      { input: { tools: [{ description: 'x' }] }, paths: ['/name'] },
      { tools: [readTool({ name: 7 })] },
    ],
  },
  'name/charset': {
    valid: [named('a', 'orders.search', 'a-b_c', 'x'.repeat(128))],
    invalid: [named('größe'), named('a b'), named('x'.repeat(129)), named('\u200b')],
  },
  'name/portable': {
    // What the charset forbids is that rule's.
    valid: [named('list_orders', '_private', 'a b', 'x'.repeat(64))],
    invalid: [named('orders.list'), named('3d_print'), named('x'.repeat(65))],
  },
  'name/prefixed-length': {
    valid: [
      { tools: [readTool({ name: 'x'.repeat(60) })] },
      { server: { name: 's' }, tools: [readTool({ name: 'x'.repeat(56) })] },
    ],
    invalid: [{ server: { name: 's' }, tools: [readTool({ name: 'x'.repeat(57) })] }],
  },
  'name/unique': {
    valid: [named('a', 'A', 'b')],
    invalid: [{ input: named('a', 'b', 'a', 'a'), paths: ['/name', '/name'] }],
  },
  'name/case-unique': {
    // Exactly equal ones are duplicates.
    valid: [named('getUser', 'get_user'), named('a', 'a')],
    invalid: [named('getUser', 'getuser')],
  },
  'name/verb-noun': {
    valid: [
      named(
        'get-sum',
        'asana_search_tasks',
        'issue_read',
        'browser_click',
        'listOrders',
        'gzip-file-as-resource',
      ),
      named('tool_1'),
      named('repos_list_commits'),
    ],
    invalid: [
      { input: named('directory_tree'), says: 'no verb' },
      { input: named('search'), says: 'acts on' },
    ],
  },
  'name/generic': {
    valid: [named('run_tests', 'execute_sql', 'process_refund', 'get_tool')],
    invalid: [
      named('run'),
      named('do_it'),
      named('tool_17'),
      named('helper'),
      named('executeTool'),
      named('my-function'),
    ],
  },
  'name/specific-object': {
    valid: [named('get_invoice_data', 'create_entities', 'search', 'run')],
    invalid: [named('get_data'), named('updateItems'), named('list_objects'), named('fetch-results')],
  },
  'name/consistent-case': {
    valid: [named('echo', 'get_sum', 'add_two'), named('getSum', 'addTwo'), named('echo', 'ping')],
    invalid: [
      { input: named('get_sum', 'add_two', 'dropAll'), paths: ['/name'], says: 'camel' },
      named('get_a', 'get-b', 'get_c'),
    ],
  },
  'name/namespace-consistent': {
    valid: [
      named('asana_list_tasks', 'asana_get_task', 'asana_add_task'),
      named('list_a', 'list_b', 'list_c', 'get_d'),
      named('asana_list_tasks', 'asana_get_task', 'list_projects'),
    ],
    invalid: [
      {
        input: named('asana_list_tasks', 'asana_get_task', 'asana_add_task', 'list_projects'),
        says: '`list_projects`',
      },
    ],
  },
  'name/redundant-server-prefix': {
    valid: [
      named('asana_list_tasks'),
      { server: { name: 'search-server' }, tools: [readTool({ name: 'search_invoices' })] },
      { server: { name: 'asana' }, tools: [readTool({ name: 'list_tasks' })] },
    ],
    invalid: [
      { server: { name: 'asana-mcp' }, tools: [readTool({ name: 'asana_list_tasks' })] },
      named('API-get-user'),
    ],
  },
  'name/confusable': {
    valid: [
      named('get_user', 'list_users'),
      named('get_a', 'set_a'),
      named('lock_account', 'unlock_account'),
      named('get_item', 'set_items'),
    ],
    invalid: [
      named('get_user', 'get_users'),
      named('list_invoices', 'list_involces'),
      named('get_policy', 'getPolicies'),
    ],
  },
  'name/version-suffix': {
    valid: [named('search', 'create_new_issue', 'get_v', 'list_tv4u')],
    invalid: [named('search_v2'), named('search_old'), named('createIssueLegacy'), named('get_user_final')],
  },
  'name/test-leftover': {
    valid: [named('test_connection', 'run_tests', 'debug_session', 'get_menu_bar')],
    invalid: [named('test'), named('test_tool'), named('test_1'), named('get_foo'), named('dummy_call')],
  },
  'name/reserved': {
    valid: [named('list_tools', 'get_prompt')],
    invalid: [named('initialize'), named('tools_call'), named('toolsList'), named('ping')],
  },
  'name/collision': {
    valid: [
      { tools: [readTool({ name: 'send' })], peers },
      { tools: [readTool({ name: 'mail_send' })], prefix: 'my_', peers },
    ],
    invalid: [{ input: { tools: [readTool({ name: 'mail_send' })], peers }, says: '`mail`' }],
  },
  'name/shadowing': {
    valid: [
      { tools: told('search_invoices', 'Search by text; it does not send anything.').tools, peers },
      // The server has a tool of that name itself.
      {
        tools: [...told('search_invoices', 'Then call send_mail.').tools, readTool({ name: 'send_mail' })],
        peers,
      },
    ],
    invalid: [
      {
        input: { tools: told('search_invoices', 'Call it before send_mail.').tools, peers },
        paths: ['/description'],
      },
      {
        input: {
          tools: [
            readTool({
              inputSchema: {
                type: 'object',
                properties: { q: { type: 'string', description: 'As for send_mail' } },
              },
            }),
          ],
          peers,
        },
        paths: ['/inputSchema/properties/q/description'],
      },
    ],
  },
});
