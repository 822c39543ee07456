import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineResource } from '../define-resource.ts';
import { defineTool } from '../define-tool.ts';
import { lint } from './engine.ts';
import { lintInputOf } from './from-definitions.ts';

const listTickets = defineTool({
  name: 'list_tickets',
  title: 'List tickets',
  description: 'List the tickets of this project, newest first. Use it before claiming one.',
  input: z.object({
    status: z.enum(['open', 'done']).default('open').describe('State of the tickets.'),
    limit: z.int().min(1).max(100).default(20).describe('How many tickets to return.'),
  }),
  effects: 'read',
  errors: { PROJECT_ARCHIVED: { retryable: false, recovery: 'Ask the user to unarchive the project.' } },
  handler: () => [],
});

const sendMail = defineTool({
  name: 'send_mail',
  title: 'Send mail',
  description: 'Send a message to one address. Use it only after the user has seen the text.',
  input: z.object({ address: z.string().max(200).describe('Mailbox that gets it, e.g. jo@example.com.') }),
  effects: 'write',
  errors: { NOT_FOUND: { retryable: false, recovery: 'Ask the user for another address.' } },
  handler: () => [],
});

const ticket = defineResource({
  uri: 'handoff://tickets/{id}',
  name: 'ticket',
  description: 'One ticket of this project.',
  read: () => 'text',
});

function found(exceptions: Record<string, Record<string, string>> = {}): string[] {
  const input = lintInputOf({ tools: [listTickets, sendMail], resources: [ticket], exceptions });
  return lint(input, { preset: 'strict' }).findings.map(({ ruleId, tool }) => `${ruleId} ${tool ?? ''}`);
}

describe('definitions of the library', () => {
  it('need no finding for anything that the library writes itself', () => {
    const generated =
      /^(?:schema\/additional-properties|schema\/empty-params|param\/range-in-desc|param\/default-in-desc|param\/limit-bounds|desc\/retry-safety|desc\/retry-contradiction|annot\/explicit|annot\/coherent|annot\/idempotency-key|guard\/|error\/|server\/)/;
    expect(found().filter((finding) => generated.test(finding))).toEqual([]);
  });

  it('are judged by what they leave out', () => {
    expect(found()).toContain('output/schema list_tickets');
    const { errors: _, ...rest } = sendMail;
    const bare = lintInputOf({ tools: [{ ...rest, errors: {} }] });
    expect(lint(bare).findings.map(({ ruleId }) => ruleId)).toContain('error/contract');
  });

  it('carry the exceptions of their author', () => {
    const exceptions = { list_tickets: { 'output/schema': 'The result is text for people.' } };
    expect(found(exceptions)).not.toContain('output/schema list_tickets');
    expect(found(exceptions)).toContain('output/schema send_mail');
  });

  it('put templates where templates belong', () => {
    const { resources, resourceTemplates } = lintInputOf({ tools: [], resources: [ticket] });
    expect([resources, resourceTemplates?.length]).toEqual([[], 1]);
  });
});
