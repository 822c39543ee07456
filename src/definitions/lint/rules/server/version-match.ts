import { exampleServer, readTool } from '../../examples.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const serverVersionMatch: Rule = {
  id: 'server/version-match',
  severity: 'warning',
  provenance: 'guideline',
  summary: 'The server reports the version of its package.',
  rationale:
    'Half of the surveyed servers report another one. Whoever reads a log then looks at the wrong source.',
  hint: 'Read the version from the package.',
  sources: ['survey'],
  bad: { server: exampleServer({ packageVersion: '1.5.0' }), tools: [readTool()] },
  good: { server: exampleServer({ packageVersion: '1.4.0' }), tools: [readTool()] },
  check: (model, report) => {
    const { version, packageVersion } = model.input.server ?? {};
    if (version === undefined || packageVersion === undefined || version === packageVersion) return;
    report({
      path: '/server/version',
      message: `The server reports version ${quote(version)}, its package has ${quote(packageVersion)}.`,
    });
  },
};
