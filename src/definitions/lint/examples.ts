import type { JsonObject, JsonValue } from '../../platform/json.ts';
import type { LintContract, LintServer } from './input.ts';

/** Members that are put over those of an exemplary tool; `undefined` takes one away. */
export type Overrides = Readonly<Record<string, JsonValue | undefined>>;

function overlay(base: JsonObject, overrides: Overrides): JsonObject {
  const merged: JsonObject = { ...base, ...overrides };
  for (const name of Object.keys(merged)) if (merged[name] === undefined) delete merged[name];
  return merged;
}

const QUERY: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  description: 'Words that the invoice must contain, e.g. "garden chairs".',
};
export const LIMIT: JsonObject = {
  type: 'integer',
  minimum: 1,
  maximum: 100,
  default: 20,
  description: 'Invoices per page, 1–100, default 20.',
};
export const CURSOR: JsonObject = {
  type: 'string',
  maxLength: 200,
  description: 'The next_cursor of the page before; leave it out for the first page.',
};

const READ_TOOL: JsonObject = {
  name: 'search_invoices',
  title: 'Search invoices',
  description:
    'Search the invoices of the current customer by text, newest first. Use it when the invoice number is unknown; ' +
    'it is not for payments. Returns up to 100 invoices with number and total. Safe to retry.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['query'],
    properties: { query: QUERY, limit: LIMIT, cursor: CURSOR },
  },
  outputSchema: {
    type: 'object',
    required: ['invoices', 'next_cursor'],
    properties: {
      invoices: {
        type: 'array',
        description: 'The matching invoices.',
        items: {
          type: 'object',
          required: ['number', 'total_cents'],
          properties: {
            number: { type: 'string', description: 'Invoice number as printed on the invoice.' },
            total_cents: { type: 'integer', description: 'Total in cents of the invoice currency.' },
          },
        },
      },
      next_cursor: {
        type: ['string', 'null'],
        description: 'Cursor of the next page; null on the last one.',
      },
    },
  },
  annotations: {
    title: 'Search invoices',
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
};

const WRITE_TOOL: JsonObject = {
  name: 'create_quote',
  title: 'Create quote',
  description:
    'Create a draft quote for one customer and store it in the ledger; the customer is not notified. Use it after ' +
    'prices are agreed, not for orders. Not safe to retry without the same idempotency_key: a second call creates a ' +
    'second quote. Returns the number of the quote.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['customer_id', 'total_cents'],
    properties: {
      customer_id: {
        type: 'string',
        pattern: '^cus_[a-z0-9]{8}$',
        description: 'Customer who gets the quote, e.g. cus_1a2b3c4d.',
      },
      total_cents: {
        type: 'integer',
        minimum: 1,
        maximum: 900000,
        description: 'Total in euro cents, 1–900,000.',
      },
      idempotency_key: {
        type: 'string',
        minLength: 8,
        maxLength: 64,
        description: 'Repeat the same text to get the first result again instead of a second quote.',
      },
    },
  },
  outputSchema: {
    type: 'object',
    required: ['number'],
    properties: { number: { type: 'string', description: 'Number of the new quote, e.g. Q-2031.' } },
  },
  annotations: {
    title: 'Create quote',
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
  },
};

/** A tool that only reads and that no rule finds fault with, with members replaced. */
export function readTool(overrides: Overrides = {}): JsonObject {
  return overlay(READ_TOOL, overrides);
}

/** The same for a tool that writes. */
export function writeTool(overrides: Overrides = {}): JsonObject {
  return overlay(WRITE_TOOL, overrides);
}

/** The exemplary reading tool with its annotations replaced one by one. */
export function annotated(overrides: Overrides, base: JsonObject = READ_TOOL): JsonObject {
  return overlay(base, { annotations: overlay(base['annotations'] as JsonObject, overrides) });
}

/** The exemplary reading tool with members of its input schema replaced. */
export function withSchema(overrides: Overrides, base: JsonObject = READ_TOOL): JsonObject {
  return overlay(base, { inputSchema: overlay(base['inputSchema'] as JsonObject, overrides) });
}

/** The exemplary reading tool with further parameters; `undefined` takes one away. */
export function withParams(params: Overrides, base: JsonObject = READ_TOOL): JsonObject {
  const schema = base['inputSchema'] as JsonObject;
  return withSchema({ properties: overlay(schema['properties'] as JsonObject, params) }, base);
}

/** The exemplary reading tool with further members in its output schema. */
export function withOutputs(outputs: Overrides, base: JsonObject = READ_TOOL): JsonObject {
  const schema = base['outputSchema'] as JsonObject;
  return overlay(base, {
    outputSchema: { ...schema, properties: overlay(schema['properties'] as JsonObject, outputs) },
  });
}

/** A text parameter with everything that the rules ask of one. */
export function textParam(overrides: Overrides = {}): JsonObject {
  return overlay(
    { type: 'string', maxLength: 100, description: 'Part of the subject line, e.g. "overdue".' },
    overrides,
  );
}

/** The same for a whole number from 1 to 50. */
export function numberParam(overrides: Overrides = {}): JsonObject {
  return overlay(
    { type: 'integer', minimum: 1, maximum: 50, description: 'Positions on the invoice, 1–50.' },
    overrides,
  );
}

const DELETE_TOOL: JsonObject = overlay(WRITE_TOOL, {
  name: 'delete_quote',
  title: 'Delete quote',
  description:
    'Delete one quote from the ledger for good; it cannot be restored. Use it for mistakes only: a quote that was ' +
    'declined stays on record. Safe to retry. Returns the number of what was removed.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['quote_number'],
    properties: {
      quote_number: {
        type: 'string',
        pattern: '^Q-[0-9]{1,8}$',
        description: 'Printed on the quote, e.g. Q-2031.',
      },
    },
  },
  annotations: {
    title: 'Delete quote',
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: false,
  },
});

/** A tool that destroys something, and says so. */
export function deleteTool(overrides: Overrides = {}): JsonObject {
  return overlay(DELETE_TOOL, overrides);
}

const SYNC_TOOL: JsonObject = overlay(WRITE_TOOL, {
  name: 'sync_ledger',
  title: 'Sync ledger',
  description:
    'Fetch new payments from the bank and store them in the ledger. Use it before looking at open items. Safe to ' +
    'retry. Returns the number of payments that were added.',
  inputSchema: { type: 'object', additionalProperties: false },
  annotations: {
    title: 'Sync ledger',
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
});

/** A tool without parameters. */
export function bareTool(overrides: Overrides = {}): JsonObject {
  return overlay(SYNC_TOOL, overrides);
}

const GET_TOOL: JsonObject = overlay(READ_TOOL, {
  name: 'get_invoice',
  title: 'Get invoice',
  description:
    'Fetch one invoice of one recipient. Use it when both numbers are known. Returns its total. Safe to retry.',
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['invoice_number', 'recipient_number'],
    properties: {
      invoice_number: { type: 'string', pattern: '^I-[0-9]{1,8}$', description: 'As printed, e.g. I-2031.' },
      recipient_number: { type: 'string', pattern: '^R-[0-9]{1,8}$', description: 'As printed, e.g. R-77.' },
    },
  },
  outputSchema: {
    type: 'object',
    required: ['total_cents'],
    properties: { total_cents: { type: 'integer', description: 'Total in cents of the invoice currency.' } },
  },
  annotations: {
    title: 'Get invoice',
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
});

/** A tool that looks up one thing. */
export function getTool(overrides: Overrides = {}): JsonObject {
  return overlay(GET_TOOL, overrides);
}

const SUBJECTS = (
  'apple birch cedar daisy elder fern grape hazel iris juniper kale laurel maple nettle olive pear quince rose ' +
  'spruce tulip violet willow yarrow aster basil clover dill fennel ginger holly'
).split(' ');

/** So many tools that no rule finds fault with, but for their number. */
export function manyTools(
  count: number,
  overridesOf: (index: number) => Overrides = () => ({}),
): JsonObject[] {
  return Array.from({ length: count }, (_, index) => {
    const round = index < SUBJECTS.length ? '' : `x${Math.floor(index / SUBJECTS.length)}`;
    const subject = `${SUBJECTS[index % SUBJECTS.length] ?? ''}${round}`;
    return readTool({
      name: `search_${subject}_beds`,
      title: `Search ${subject} beds`,
      description:
        `Search ${subject} beds near ${subject}wood, ${subject}field or ${subject}brook. Use it when the plot is unknown. ` +
        'Returns up to 100 beds. Safe to retry.',
      ...overridesOf(index),
    });
  });
}

/** What a well-kept server says about itself. */
export function exampleServer(overrides: LintServer = {}): LintServer {
  return {
    name: 'ledger',
    version: '1.4.0',
    instructions:
      'Invoices and quotes of the current customer. Search first; create a quote only after prices are agreed.',
    ...overrides,
  };
}

/** A complete contract of the exemplary tools. */
export function exampleContract(overrides: LintContract = {}, omitted?: keyof LintContract): LintContract {
  const contract: LintContract = {
    errors: {
      LEDGER_LOCKED: {
        retryable: true,
        retryAfterMs: 2_000,
        recovery: 'Wait until the nightly closing is over, then call again.',
      },
    },
    timeoutMs: 5_000,
    responseBytesMax: 65_536,
    rateLimit: true,
    concurrency: true,
    retries: false,
    isDeduplicated: false,
    scopes: ['ledger:write'],
    ...overrides,
  };
  if (omitted === undefined) return contract;
  const { [omitted]: _, ...rest } = contract;
  return rest;
}

const RESOURCE: JsonObject = {
  uri: 'ledger://tax-rates',
  name: 'tax-rates',
  title: 'Tax rates',
  description: 'The tax rates in force, by country.',
  mimeType: 'application/json',
  size: 2048,
};

export function exampleResource(overrides: Overrides = {}): JsonObject {
  return overlay(RESOURCE, overrides);
}

const TEMPLATE: JsonObject = {
  uriTemplate: 'ledger://invoices/{number}',
  name: 'invoice',
  title: 'Invoice',
  description: 'One invoice, by its number.',
  mimeType: 'application/json',
};

export function exampleTemplate(overrides: Overrides = {}): JsonObject {
  return overlay(TEMPLATE, overrides);
}

/** The description of the exemplary reading tool. */
export const GOOD: string = READ_TOOL['description'] as string;

/** A description that no other example resembles. */
export const OTHER: string =
  'Put aside whatever was agreed on the phone with a supplier; nobody is told. Use it while talking, then look again ' +
  'later. Deleting it has no consequence and it can be restored. Safe to retry. Returns a short receipt.';

/** The exemplary reading tool with a result that is closed to new members. */
export function closedOutput(): JsonObject {
  return readTool({
    outputSchema: { ...(READ_TOOL['outputSchema'] as JsonObject), additionalProperties: false },
  });
}

/** An input schema with long, but faultless descriptions. */
export function fatSchema(index: number): JsonObject {
  const word = SUBJECTS[index % SUBJECTS.length] ?? '';
  const words = {
    type: 'string',
    maxLength: 90,
    description: `Words near the ${word} bed. ${'They are compared one by one. '.repeat(70)}`,
  };
  return withParams({ words })['inputSchema'] as JsonObject;
}
