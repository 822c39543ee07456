import { DEFINITION_NAME_CHARS_MAX, LINT_COMPARED_TOOLS_MAX } from '../../../../platform/limits.ts';
import { deleteTool, OTHER, writeTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { singular } from '../../text/words.ts';

/** Short names differ in one letter by nature: `get` and `set`. */
const NAME_CHARS_MIN = 8;

/** True when one insertion, deletion or replacement makes one text of the other. */
function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charAt(at) === b.charAt(at)) at += 1;
  const restA = a.slice(at);
  const restB = b.slice(at);
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

/** Words of which two mean opposites although they look alike. */
const OPPOSITES: ReadonlySet<string> = new Set([
  'lock',
  'unlock',
  'get',
  'set',
  'like',
  'follow',
  'star',
  'pin',
  'send',
  'read',
  'add',
]);

export const nameConfusable: Rule = {
  id: 'name/confusable',
  severity: 'warning',
  provenance: 'heuristic',
  summary: 'No two names differ only in number or in one letter.',
  rationale: 'A model mixes up `get_user` and `get_users`; people who read its log do as well.',
  hint: 'Tell them apart by a word: `get_user` and `list_users`.',
  sources: ['survey'],
  bad: { tools: [deleteTool(), deleteTool({ name: 'delete_quotes', description: OTHER })] },
  good: { tools: [deleteTool(), writeTool()] },
  check: (model, report) => {
    const tools = model.tools
      .slice(0, LINT_COMPARED_TOOLS_MAX)
      .filter(({ name }) => name !== '' && name.length <= DEFINITION_NAME_CHARS_MAX);
    const stems = tools.map(({ words }) => words.map(singular).join('_'));
    tools.forEach((tool, index) => {
      for (let other = 0; other < index; other += 1) {
        const earlier = tools[other];
        if (earlier === undefined || earlier.name.toLowerCase() === tool.name.toLowerCase()) continue;
        const isClose =
          stems[other] === stems[index] ||
          (tool.name.length >= NAME_CHARS_MIN &&
            tool.words.length === earlier.words.length &&
            isOneEdit(tool.name, earlier.name) &&
            !tool.words.some((word, at) => word !== earlier.words[at] && OPPOSITES.has(word)));
        if (!isClose) continue;
        report({
          tool,
          path: '/name',
          message: `${quote(tool.name)} and ${quote(earlier.name)} are easily mixed up.`,
        });
        return;
      }
    });
  },
};
