import { getTool, withParams } from '../../examples.ts';
import { number, param, schema, text } from '../../fixtures/inputs.ts';
import { ruleTable } from '../../fixtures/rule-table.ts';

const TEXT = { type: 'string', description: 'Part of the subject.' };

ruleTable(
  'param',
  {
    'param/ambiguous-name': {
      valid: [
        text('user_id', 'x'),
        schema({ type: 'object', properties: { entity: { type: 'object', properties: { id: TEXT } } } }),
        schema({ type: 'object', properties: { params: { type: 'object', properties: { a: TEXT } } } }),
      ],
      invalid: [
        text('user', 'x'),
        text('id', 'x'),
        text('DATA', 'x'),
        schema({ type: 'object', properties: { params: TEXT } }),
      ],
    },
    'param/array-max': {
      valid: [param('a', { type: 'array', maxItems: 3 }), text('a', 'x')],
      invalid: [param('a', { type: 'array' }), param('a', { type: ['array', 'null'] })],
    },
    'param/boolean-name': {
      valid: [
        param('include_drafts', { type: 'boolean' }),
        text('flag', 'x'),
        param('notify', { type: 'boolean' }),
        param('disabled', { type: 'boolean' }),
      ],
      invalid: [
        param('no_cache', { type: 'boolean' }),
        param('disableCache', { type: 'boolean' }),
        param('flag', { type: 'boolean' }),
      ],
    },
    'param/case-consistent': {
      valid: [
        { tools: [withParams({ page_size: TEXT, per_page: TEXT, query: TEXT })] },
        { tools: [withParams({ pageSize: TEXT, perPage: TEXT })] },
      ],
      invalid: [
        {
          input: { tools: [withParams({ page_size: TEXT, per_page: TEXT, sortBy: TEXT })] },
          says: '`sortBy`',
        },
        {
          tools: [withParams({ page_size: TEXT, per_page: TEXT }), withParams({ perPage: TEXT }, getTool())],
        },
      ],
    },
    'param/code-exec': {
      valid: [
        text('country_code', 'x'),
        text('code', 'Of the country.'),
        text('command', 'Runs in a sandbox.'),
        text('command', 'x', { enum: ['start'] }),
        schema({ type: 'object', properties: { step: { type: 'object', properties: { command: TEXT } } } }),
      ],
      invalid: [
        text('command', 'To run.'),
        text('sql', 'x'),
        text('code', 'Python to execute.'),
        text('bash_script', 'x'),
      ],
    },
    'param/complex-example': {
      valid: [
        param('a', { type: 'object', properties: { b: TEXT, c: TEXT, d: TEXT } }),
        param('a', { type: 'object', examples: [{}], properties: { b: TEXT, c: TEXT, d: TEXT, e: TEXT } }),
        param('a', {
          type: 'object',
          description: 'For example {}.',
          properties: { b: TEXT, c: TEXT, d: TEXT, e: TEXT },
        }),
      ],
      invalid: [
        param('a', { type: 'object', properties: { b: TEXT, c: TEXT, d: TEXT, e: TEXT } }),
        param('a', {
          type: 'array',
          items: { type: 'object', properties: { b: TEXT, c: TEXT, d: TEXT, e: TEXT } },
        }),
      ],
    },
    'param/count': {
      valid: [
        schema({
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, TEXT])),
        }),
      ],
      invalid: [
        {
          input: schema({
            type: 'object',
            properties: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`p${index}`, TEXT])),
          }),
          severities: ['warning'],
        },
        {
          input: schema({
            type: 'object',
            properties: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`p${index}`, TEXT])),
          }),
          severities: ['error'],
        },
      ],
    },
    'param/date-format': {
      valid: [
        text('since', 'ISO 8601 with offset.'),
        text('start_date', 'As YYYY-MM-DD.'),
        param('created_at', { type: 'string', format: 'date-time' }),
        number('timestamp', 'x'),
        text('candidate', 'Who it is.'),
        text('look_at', 'Unix seconds.'),
      ],
      invalid: [
        text('since', 'Only later ones.'),
        text('start_date', 'First day.'),
        text('createdAt', 'When it was made.'),
      ],
    },
    'param/default-in-desc': {
      valid: [
        text('a', 'Default none.', { default: 'none' }),
        number('a', 'Usually 20.', { default: 20 }),
        param('a', { type: 'boolean', description: 'Off by default.', default: false }),
        text('a', 'x', { default: null }),
        param('a', { type: 'array', description: 'Words.', default: [] }),
        param('a', { type: 'string', default: 'x' }),
      ],
      invalid: [
        text('a', 'Words.', { default: 'markdown' }),
        number('a', 'How many of 200.', { default: 20 }),
      ],
    },
    'param/default-valid': {
      valid: [
        number('a', 'x', { default: 5, minimum: 5 }),
        text('a', 'x', { default: null }),
        text('a', 'x', { enum: ['b'], default: 'b' }),
        param('a', { anyOf: [{ type: 'string' }, { type: 'number' }], default: 5 }),
        param('a', { type: ['string', 'null'], default: null }),
      ],
      invalid: [
        { input: number('a', 'x', { default: 0, minimum: 1 }), says: 'range' },
        { input: text('a', 'x', { default: 'c', enum: ['b'] }), says: 'enum' },
        { input: number('a', 'x', { default: '5' }), says: 'type' },
        { input: param('a', { type: 'integer', default: 1.5 }), says: 'type' },
        text('a', 'x', { default: '', minLength: 1 }),
      ],
    },
    'param/depth': {
      valid: [
        schema({
          type: 'object',
          properties: { a: { type: 'array', items: { type: 'object', properties: { b: TEXT } } } },
        }),
      ],
      invalid: [
        schema({
          type: 'object',
          properties: {
            a: {
              type: 'array',
              items: {
                type: 'object',
                properties: { b: { type: 'array', items: { type: 'object', properties: { c: TEXT } } } },
              },
            },
          },
        }),
      ],
    },
    'param/desc-min': {
      valid: [text('subject', 'Ten chars.'), text('subject', ''), text('id', 'The id')],
      invalid: [text('subject', 'Line')],
    },
    'param/desc-tautology': {
      valid: [
        text('user_id', 'The user that wrote it.'),
        text('name', 'The name of the entity'),
        text('query', ''),
      ],
      invalid: [
        text('user_id', 'The user id'),
        text('userId', 'User identifier'),
        text('page_size', 'The size of the page.'),
      ],
    },
    'param/described': {
      valid: [text('subject', 'Part of it.'), schema({ type: 'object' })],
      invalid: [
        { input: param('subject', { type: 'string' }), paths: ['/inputSchema/properties/subject'] },
        text('subject', '   '),
        {
          input: schema({
            type: 'object',
            properties: {
              a: { type: 'array', description: 'x', items: { type: 'object', properties: { b: {} } } },
            },
          }),
          paths: ['/inputSchema/properties/a/items/properties/b'],
        },
      ],
    },
    'param/enum-nonempty': {
      valid: [text('a', 'x', { enum: ['a'] }), text('a', 'x')],
      invalid: [{ input: text('a', 'x', { enum: [] }), paths: ['/inputSchema/properties/a/enum'] }],
    },
    'param/enum-not-slugs': {
      valid: [text('a', 'x', { enum: ['in_progress', 'done', 'A'] })],
      invalid: [text('a', 'x', { enum: ['In Progress'] }), text('a', 'x', { enum: ['open', 'Open'] })],
    },
    'param/enum-over-free-string': {
      valid: [
        text('a', 'One of the invoices.'),
        text('a', 'One of open, closed.', { enum: ['open', 'closed'] }),
        text('a', 'Either way it works or fails.'),
        text('a', 'Words, e.g. open or closed.'),
        number('a', 'One of 1, 2.'),
        text('a', 'Any text, such as "a" and "b".'),
      ],
      invalid: [
        { input: text('a', 'One of open, closed or all.'), says: '`open`, `closed`, `all`' },
        text('a', 'Status. Allowed values: "open", "closed".'),
        text('a', "Must be one of 'asc' | 'desc'"),
        {
          input: text('a', 'Order: one of: asc (oldest first), desc (newest first).'),
          says: '`asc`, `desc`',
        },
        text('a', 'Options: a, b, c'),
      ],
    },
    'param/enum-size': {
      valid: [text('a', 'x', { enum: Array.from({ length: 50 }, (_, index) => `v${index}`) })],
      invalid: [text('a', 'x', { enum: Array.from({ length: 51 }, (_, index) => `v${index}`) })],
    },
    'param/enum-typed': {
      valid: [
        param('a', { type: 'integer', enum: [1, 2] }),
        param('a', { type: ['string', 'null'], enum: ['a', null] }),
        param('a', { enum: [1, 'a'] }),
      ],
      invalid: [
        param('a', { type: 'integer', enum: [1.5] }),
        param('a', { type: 'string', enum: ['a', null] }),
      ],
    },
    'param/enum-unique': {
      valid: [text('a', 'x', { enum: ['a', 'A', '1'] }), param('a', { enum: [1, '1'] })],
      invalid: [
        text('a', 'x', { enum: ['a', 'a'] }),
        param('a', {
          enum: [
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ],
        }),
      ],
    },
    'param/enum-values-explained': {
      valid: [
        text('a', 'State.', { enum: ['open', 'closed'] }),
        text('a', 'Order.', { enum: ['asc', 'desc'] }),
        text('a', 'A = first, B = second.', { enum: ['A', 'B'] }),
        number('a', '1 = low, 2 = high.', { enum: [1, 2] }),
      ],
      invalid: [text('a', 'Kind.', { enum: ['A1', 'B2'] }), number('a', 'Level.', { enum: [1, 2, 3] })],
    },
    'param/id-provenance': {
      valid: [
        text('user_id', 'From list_users.'),
        text('user_id', 'User, e.g. u_1.'),
        text('id', 'Which one it is.'),
        text('user_id', 'Which one.', { pattern: '^u' }),
        text('user_id', 'The user id'),
      ],
      invalid: [text('user_id', 'Which account it is about.')],
    },
  },
  (id) => id < 'param/l',
);
