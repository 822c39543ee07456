import { LINT_TEXT_CHARS_MAX } from '../../../../platform/limits.ts';
import { textParam, withParams } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';
import { hiddenCharacter, withoutHidden } from '../../text/hidden.ts';
import { textsOf } from '../../text/texts.ts';

export const descHiddenUnicode: Rule = {
  id: 'desc/hidden-unicode',
  severity: 'error',
  provenance: 'security',
  summary: 'No text contains characters that people cannot see.',
  rationale:
    'Tag characters, zero-width spaces and bidirectional controls carry instructions that a model reads and a reviewer does not.',
  hint: 'Remove the characters.',
  sources: ['poisoning'],
  fix: 'safe',
  bad: {
    tools: [
      withParams({ subject: textParam({ description: 'Part of the subject\u200b line, e.g. "overdue".' }) }),
    ],
  },
  good: { tools: [withParams({ subject: textParam() })] },
  check: (model, report) => {
    for (const tool of model.tools) {
      for (const { path, text, isValue } of textsOf(tool)) {
        const char = hiddenCharacter(text);
        if (char === undefined) continue;
        const isWhole = !isValue && text.length < LINT_TEXT_CHARS_MAX;
        report({
          tool,
          path,
          message: `The text contains the hidden character ${char}.`,
          ...(isWhole
            ? { fix: { isSafe: true, edits: [{ op: 'add', path, value: withoutHidden(text) }] } }
            : {}),
        });
      }
      for (const { name, path } of [...tool.params, ...tool.outputs]) {
        const char = hiddenCharacter(name);
        if (char !== undefined)
          report({ tool, path, message: `The name ${quote(name)} contains the hidden character ${char}.` });
      }
    }
    const char = hiddenCharacter((model.input.server?.instructions ?? '').slice(0, LINT_TEXT_CHARS_MAX));
    if (char !== undefined)
      report({
        path: '/server/instructions',
        message: `The instructions contain the hidden character ${char}.`,
      });
  },
};
