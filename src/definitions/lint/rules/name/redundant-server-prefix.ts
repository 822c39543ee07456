import { exampleServer, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { verbKind } from '../../text/verbs.ts';
import { nameWords } from '../../text/words.ts';

const NO_NAMES: ReadonlySet<string> = new Set(['mcp', 'server', 'servers', 'the']);
const EMPTY_PREFIXES: ReadonlySet<string> = new Set(['api', 'mcp']);

export const nameRedundantServerPrefix: Rule = {
  id: 'name/redundant-server-prefix',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A name does not repeat the name of the server.',
  rationale:
    'Hosts put the server before the name: `mcp__billing__billing_search` costs tokens and length and says it twice.',
  hint: 'Leave the prefix to the host.',
  sources: ['survey'],
  fix: 'unsafe',
  bad: { server: exampleServer(), tools: [readTool({ name: 'ledger_search_invoices' })] },
  good: { server: exampleServer(), tools: [readTool()] },
  check: (model, report) => {
    const server = nameWords(model.input.server?.name ?? '').filter((word) => !NO_NAMES.has(word));
    for (const tool of model.tools) {
      const [first, ...rest] = tool.words;
      if (first === undefined || rest.length < 2 || verbKind(first) !== undefined) continue;
      if (!(EMPTY_PREFIXES.has(first) || server.includes(first))) continue;
      const separator = tool.name.charAt(first.length);
      const name = /^[_.-]$/.test(separator) ? tool.name.slice(first.length + 1) : undefined;
      report({
        tool,
        path: '/name',
        message: `The name ${quote(tool.name)} starts with what the host says already.`,
        ...(name === undefined
          ? {}
          : { fix: { isSafe: false, edits: [{ op: 'add', path: '/name', value: name }] } }),
      });
    }
  },
};
