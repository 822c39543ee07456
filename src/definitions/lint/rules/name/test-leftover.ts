import { writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';

const LEFTOVERS: ReadonlySet<string> = new Set([
  'foo',
  'baz',
  'foobar',
  'asdf',
  'dummy',
  'qwerty',
  'helloworld',
]);
const EMPTY_AFTER_TEST: ReadonlySet<string> = new Set([
  'tool',
  'function',
  'me',
  'it',
  'foo',
  'bar',
  'this',
  'thing',
  'stuff',
]);

export const nameTestLeftover: Rule = {
  id: 'name/test-leftover',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'No tool is left over from trying things out.',
  rationale: 'A model calls whatever is listed, also what was meant for an afternoon.',
  hint: 'Remove the tool, or give it the name of what it does.',
  sources: ['survey'],
  bad: { tools: [writeTool({ name: 'create_foo' })] },
  good: { tools: [writeTool()] },
  check: eachTool((tool, report) => {
    const [first, second, ...more] = tool.words;
    const isTest =
      (first === 'test' || first === 'debug') &&
      more.length === 0 &&
      (second === undefined || EMPTY_AFTER_TEST.has(second) || /^[0-9]+$/.test(second));
    if (isTest || tool.words.some((word) => LEFTOVERS.has(word))) {
      report({
        tool,
        path: '/name',
        message: `The name ${quote(tool.name)} looks like a leftover from testing.`,
      });
    }
  }),
};
