import { textParam, withParams } from '../../examples.ts';
import { pointer } from '../../pointer.ts';
import { quoteList } from '../../quote.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { stringMember } from '../../schema-shape.ts';
import { noiseMembers } from '../../tokens.ts';

export const schemaNoise: Rule = {
  id: 'schema/noise',
  severity: 'info',
  provenance: 'guideline',
  summary: 'A schema has no members that tell a model nothing.',
  rationale: 'A `title` that repeats the name, `$id` and `$comment` are in every conversation.',
  hint: 'Leave them out.',
  sources: ['survey'],
  fix: 'safe',
  bad: { tools: [withParams({ subject: textParam({ title: 'Subject' }) })] },
  good: { tools: [withParams({ subject: textParam() })] },
  check: eachTool((tool, report) => {
    const found = tool.inputNodes.flatMap((node) =>
      noiseMembers(node)
        // The dialect has a rule of its own, and taking another one away would change the meaning.
        .filter(
          (keyword) =>
            keyword !== '$schema' || stringMember(node.schema, keyword)?.includes('2020-12') === true,
        )
        .map((keyword) => ({ path: pointer(node.path, keyword), keyword })),
    );
    const [first] = found;
    if (first === undefined) return;
    report({
      tool,
      path: first.path,
      message: `Members that say nothing: ${quoteList([...new Set(found.map(({ keyword }) => keyword))])}, ${found.length} in all.`,
      // References may lead to an `$id`.
      fix: {
        isSafe: true,
        edits: found.filter(({ keyword }) => keyword !== '$id').map(({ path }) => ({ op: 'remove', path })),
      },
    });
  }),
};
