import {
  annotated,
  deleteTool,
  getTool,
  manyTools,
  numberParam,
  readTool,
  textParam,
  withParams,
  writeTool,
} from '../../examples.ts';
import { named, number, output, param, schema, text, told } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const TEXT = { type: 'string', description: 'Part of the subject.' };

ruleTable(
  'param',
  {
    'param/limit-bounds': {
      valid: [
        number('limit', 'x', { maximum: 100, default: 20 }),
        text('limit', 'x'),
        // Elsewhere than in a list, a count is a count.
        {
          tools: [
            readTool({
              name: 'roll_dice',
              inputSchema: { type: 'object', properties: { count: { type: 'integer' } } },
            }),
          ],
        },
      ],
      invalid: [
        { input: number('page_size', 'x', { maximum: 100 }), says: 'no default' },
        { input: number('per_page'), says: 'no maximum and no default' },
        { input: number('maxResults', 'x', { default: 10 }), says: 'no maximum' },
      ],
    },
    'param/model-irrelevant': {
      valid: [
        text('tenant', 'x'),
        text('request_id', 'x'),
        { tools: manyTools(2) },
        told('a_b', 'x'),
        { tools: [annotated({})] },
      ],
      invalid: [text('tenant_id', 'x'), text('userAgent', 'x'), text('trace-id', 'x')],
    },
    'param/no-required': {
      valid: [
        { tools: [deleteTool()] },
        { tools: [deleteTool({ inputSchema: { type: 'object' } })] },
        { tools: [readTool({ name: 'list_a', inputSchema: { type: 'object', properties: { a: TEXT } } })] },
        {
          tools: [
            deleteTool({
              inputSchema: { type: 'object', properties: { a: { type: 'string', default: 'x' } } },
            }),
          ],
        },
      ],
      invalid: [
        {
          tools: [
            writeTool({ name: 'send_mail', inputSchema: { type: 'object', properties: { to: TEXT } } }),
          ],
        },
      ],
    },
    'param/number-vs-integer': {
      valid: [
        param('limit', { type: 'integer' }),
        number('ratio'),
        number('limit', 'x', { minimum: 0.5 }),
        number('latitude'),
      ],
      invalid: [number('limit'), number('page'), number('retry_count'), number('maxResults')],
    },
    'param/optional-null': {
      valid: [
        { tools: [withParams({ a: { type: ['string', 'null'] } }, getTool())] },
        { tools: [getTool()] },
        schema({
          type: 'object',
          properties: {
            a: { anyOf: [{ type: 'string' }, { type: 'null' }] },
            b: { type: ['number', 'null'] },
          },
        }),
        schema({
          type: 'object',
          properties: { a: { type: ['string', 'null'] }, b: { type: 'number', default: 5 } },
        }),
      ],
      invalid: [
        schema({
          type: 'object',
          properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] }, b: TEXT },
        }),
      ],
    },
    'param/pagination': {
      valid: [
        named('get_a'),
        { tools: [readTool()] },
        schema({ type: 'object', properties: { page: TEXT } }),
        schema({ type: 'object', properties: { maxResults: TEXT } }),
      ],
      invalid: [
        { tools: [readTool({ name: 'list_users', inputSchema: { type: 'object' } })] },
        {
          tools: [
            readTool({ name: 'issues_search', inputSchema: { type: 'object', properties: { q: TEXT } } }),
          ],
        },
      ],
    },
    'param/path-constraint': {
      valid: [
        text('path', 'Inside the workspace.'),
        text('json_path', 'x'),
        text('path', 'x', { pattern: '^/' }),
        {
          tools: [
            withParams({ path: TEXT }, readTool({ description: 'Only works within allowed directories.' })),
          ],
        },
        text('profile', 'x'),
      ],
      invalid: [
        text('path', 'Of the file.'),
        text('filePath', 'Of it.'),
        param('paths', { type: 'array', items: { type: 'string' } }),
      ],
    },
    'param/range': {
      valid: [
        number('a', 'x', { minimum: 1 }),
        number('a', 'x', { enum: [1, 2] }),
        param('a', { type: ['number', 'string'] }),
        // A limit has a rule of its own.
        number('limit'),
      ],
      invalid: [number('year'), param('a', { anyOf: [{ type: 'integer' }, { type: 'null' }] })],
    },
    'param/range-in-desc': {
      valid: [
        number('a', 'From 1 to 1,000.', { minimum: 1, maximum: 1000 }),
        number('a', 'At least one.', { minimum: 1 }),
        number('a', 'Any.', { minimum: -9007199254740991, maximum: 9007199254740991 }),
        number('a', 'Up to 5.', { minimum: 0, maximum: 5 }),
        number('a', 'Range 0.5–2.', { minimum: 0.5, maximum: 2 }),
        number('a', '', { minimum: 1, maximum: 5 }),
      ],
      invalid: [
        { input: number('a', 'How many.', { minimum: 1, maximum: 100 }), says: 'range 1–100' },
        // 100 in 1000 is another number.
        number('a', 'Up to 1000.', { maximum: 100 }),
        number('a', 'How many.', { exclusiveMinimum: 7 }),
      ],
    },
    'param/required-defined': {
      valid: [
        schema({ type: 'object', properties: { a: TEXT }, required: ['a'] }),
        schema({ type: 'object', properties: { a: TEXT }, anyOf: [{ required: ['b'] }], required: ['b'] }),
      ],
      invalid: [
        {
          input: schema({ type: 'object', properties: { a: TEXT }, required: ['a', 'b'] }),
          paths: ['/inputSchema/required'],
          says: '`b`',
        },
        schema({ type: 'object', required: ['b'] }),
        // Inherited from Object, and therefore easily taken for defined.
        schema({ type: 'object', properties: { a: TEXT }, required: ['constructor'] }),
      ],
    },
    'param/same-name-same-schema': {
      valid: [
        { tools: [withParams({ a: { type: 'integer' } }), withParams({ a: { type: 'number' } })] },
        { tools: [withParams({ a: TEXT }), withParams({ b: numberParam() })] },
      ],
      invalid: [
        {
          input: { tools: [withParams({ a: TEXT }), withParams({ a: { type: 'array' } })] },
          says: '`array`',
        },
      ],
    },
    'param/secret': {
      valid: [
        text('page_token', 'x'),
        text('token', 'Token of the next page.'),
        number('max_tokens'),
        text('token_address', 'x'),
        text('key', 'x'),
        text('secretary', 'x'),
        param('password', { type: 'boolean', description: 'Whether there is one.' }),
        text('tokenize', 'x'),
      ],
      invalid: [
        text('password', 'x'),
        text('apiKey', 'x'),
        text('access_token', 'x'),
        text('clientSecret', 'x'),
        text('token', 'Opens it.'),
        text('user_password', 'x'),
      ],
    },
    'param/secret-default': {
      valid: [
        text('a', 'x', { default: 'sk-your-key-here-0000000000' }),
        text('a', 'x', { default: 'AKIA' }),
        text('a', 'x', { default: 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }),
      ],
      invalid: [
        {
          input: text('a', 'x', { default: `sk-${'a1B2c3D4e5F6g7H8i9J0'}` }),
          paths: ['/inputSchema/properties/a/default'],
        },
        text('a', 'x', { enum: ['x', `AKIA${'Z1X2C3V4B5N6M7Q8'}`] }),
      ],
    },
    'param/string-bound': {
      valid: [
        text('a', 'x', { maxLength: 5 }),
        param('a', { type: 'string', format: 'date' }),
        param('a', { type: 'string', enum: ['a'] }),
        param('a', { const: 'x' }),
      ],
      invalid: [
        param('a', { type: 'string' }),
        param('a', { anyOf: [{ type: 'string' }, { type: 'null' }] }),
      ],
    },
    'param/typed': {
      valid: [
        param('a', { enum: [1] }),
        param('a', { $ref: '#/$defs/x' }),
        param('a', { anyOf: [] }),
        param('a', { properties: {} }),
      ],
      invalid: [param('a', {}), param('a', { description: 'Anything.', title: 'A' })],
    },
    'param/unit-conflict': {
      valid: [
        number('timeout_ms', 'Timeout in milliseconds, at most 30 seconds.'),
        number('timeout_ms', 'Time to wait; 30 seconds are enough.'),
        number('timeout_ms', ''),
      ],
      invalid: [
        { input: number('timeout_ms', 'Timeout in seconds.'), says: 'description seconds' },
        number('delay_s', 'Number of milliseconds.'),
      ],
    },
    'param/unit-in-name': {
      valid: [
        number('timeout_ms', 'Milliseconds to wait.'),
        number('timeout', 'How long.'),
        text('timeout', 'As "5s".'),
        number('width', 'In pixels.'),
        number('items', 'How many seconds items has.'),
        number('page_size', 'Items, for some seconds.'),
        { tools: [withParams({ amount: { type: 'number', description: 'In dollars.' }, currency: TEXT })] },
      ],
      invalid: [
        { input: number('timeout', 'Milliseconds to wait.'), says: 'milliseconds' },
        number('maxAge', 'Oldest, in seconds.'),
        number('waitFor', 'Wait 500ms or more.'),
        number('duration', 'Duration of the operation in seconds'),
        param('delay', { anyOf: [{ type: 'integer' }, { type: 'null' }], description: 'Seconds.' }),
      ],
    },
    'param/unit-mixed': {
      valid: [
        { tools: [...number('timeout_ms').tools, ...number('timeout_ms').tools] },
        { tools: [...number('timeout_ms').tools, ...number('ttl_s').tools] },
      ],
      invalid: [{ tools: [...number('timeout_ms').tools, ...number('timeoutSeconds').tools] }],
    },
    'param/unit-somewhere': {
      valid: [
        number('timeout_s'),
        number('timeoutSeconds'),
        number('timeout', 'Seconds.'),
        number('limit'),
        number('offset'),
        number('batch_size'),
        number('height'),
        number('temperature', 'Randomness.'),
        number('retry_after_s'),
        number('price', 'Price and its currency.'),
        { tools: [withParams({ duration: { type: 'number' }, duration_unit: TEXT })] },
      ],
      invalid: [
        { input: number('timeout'), paths: ['/inputSchema/properties/timeout'] },
        number('waitFor', 'How long to wait.'),
        number('maxAge'),
        number('radius', 'Around the point.'),
        number('max_file_size', 'Largest file.'),
        number('delay_max', 'At most.'),
      ],
    },
    'param/url-constraint': {
      valid: [text('url', 'https only.'), text('url', 'x', { pattern: '^https' }), text('curl', 'x')],
      invalid: [text('url', 'Page to fetch.'), text('webhook', 'To call.'), text('imageUrl', 'Picture.')],
    },
    'param/verbosity': {
      valid: [
        output({ a: TEXT }),
        {
          tools: [
            getTool({
              outputSchema: {
                type: 'object',
                properties: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, TEXT])),
              },
            }),
          ],
        },
      ],
      invalid: [output(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`p${index}`, TEXT])))],
    },
    'param/wrapper': {
      valid: [
        schema({ type: 'object', properties: { params: TEXT } }),
        schema({
          type: 'object',
          properties: { params: { type: 'object', properties: { a: TEXT } }, b: TEXT },
        }),
        schema({ type: 'object', properties: { filter: { type: 'object', properties: { a: TEXT } } } }),
      ],
      invalid: [
        schema({ type: 'object', properties: { params: { type: 'object', properties: { a: TEXT } } } }),
        schema({
          type: 'object',
          $defs: { In: { type: 'object', properties: { a: TEXT } } },
          properties: { input: { $ref: '#/$defs/In' } },
        }),
      ],
    },
    'param/x-mcp-header': {
      valid: [text('a', 'x', { 'x-mcp-header': 'Region' }), text('a', 'x')],
      invalid: [
        {
          tools: [
            withParams({ a: textParam({ 'x-mcp-header': 'R' }), b: textParam({ 'x-mcp-header': 'r' }) }),
          ],
        },
        { input: param('a', { type: 'array', 'x-mcp-header': 'R' }), paths: ['/inputSchema/properties/a'] },
      ],
    },
    'param/x-mcp-header-secret': {
      valid: [text('password', 'x'), text('region', 'x', { 'x-mcp-header': 'Region' })],
      invalid: [text('access_token', 'x', { 'x-mcp-header': 'Token' })],
    },
  },
  (id) => id >= 'param/l',
);
