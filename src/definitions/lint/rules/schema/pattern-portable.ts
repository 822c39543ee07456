import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';
import { stringMember } from '../../schema-shape.ts';

/** What engines with linear time, and those of other languages, do not have. */
const CONSTRUCTS: readonly (readonly [text: string, name: string])[] = [
  ['(?=', 'a look-ahead'],
  ['(?!', 'a look-ahead'],
  ['(?<=', 'a look-behind'],
  ['(?<!', 'a look-behind'],
  ['(?i)', 'an inline flag'],
  ['(?s)', 'an inline flag'],
  ['\\p{', 'a Unicode class'],
  ['\\P{', 'a Unicode class'],
  ['\\1', 'a back-reference'],
  ['\\k<', 'a back-reference'],
];

/** What follows an atom: it may be missing, it may be there without end, or neither. */
type Quantifier = 'endless' | 'optional' | 'once';

function quantifierAt(pattern: string, at: number): Quantifier {
  const char = pattern.charAt(at);
  if (char === '*' || char === '+') return 'endless';
  if (char === '?') return 'optional';
  const braces = char === '{' ? /^\{([0-9]{1,6}),([0-9]{0,6})\}/.exec(pattern.slice(at, at + 16)) : null;
  if (braces === null) return 'once';
  if (braces[2] === '') return 'endless';
  return braces[1] === '0' ? 'optional' : 'once';
}

/** A group while it is read. */
interface Group {
  /** What was read last repeats without end, and nothing that must be there came after it. */
  endsEndless: boolean;
  /** The same of an earlier alternative. */
  wasEndless: boolean;
}

/**
 * True for an endless repetition of a group that ends in an endless
 * repetition, as in `(a+)+` and `(\d+,?)*`: a text can then be taken apart in
 * exponentially many ways. In `([a-z]+\.)*` the dot keeps the parts apart.
 * One pass with a stack of groups, so the check itself cannot be made slow.
 */
function isCatastrophic(pattern: string): boolean {
  const groups: Group[] = [{ endsEndless: false, wasEndless: false }];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    const group = groups[groups.length - 1];
    if (group === undefined) return false;
    if (char === '{') at = Math.max(at, pattern.indexOf('}', at));
    else if (char === '(') groups.push({ endsEndless: false, wasEndless: false });
    else if (char === '|') {
      group.wasEndless ||= group.endsEndless;
      group.endsEndless = false;
    } else if (char === ')') {
      const quantifier = quantifierAt(pattern, at + 1);
      const inner = group.endsEndless || group.wasEndless;
      if (inner && quantifier === 'endless') return true;
      if (groups.length > 1) groups.pop();
      const outer = groups[groups.length - 1];
      if (outer === undefined) return false;
      if (quantifier === 'endless') outer.endsEndless = true;
      else if (quantifier === 'once') outer.endsEndless = inner;
    } else if (!'*+?}^$'.includes(char)) {
      at = endOfAtom(pattern, at);
      const quantifier = quantifierAt(pattern, at + 1);
      if (quantifier === 'endless') group.endsEndless = true;
      else if (quantifier === 'once') group.endsEndless = false;
    }
  }
  return false;
}

/** Last position of the character, escape or class that starts at `start`. */
function endOfAtom(pattern: string, start: number): number {
  if (pattern.charAt(start) === '\\') return start + 1;
  if (pattern.charAt(start) !== '[') return start;
  let at = start + 1;
  while (at < pattern.length && pattern.charAt(at) !== ']') at += pattern.charAt(at) === '\\' ? 2 : 1;
  return at;
}

export const schemaPatternPortable: Rule = {
  id: 'schema/pattern-portable',
  severity: 'warning',
  provenance: 'portability',
  summary: 'A pattern is understood everywhere and cannot be made slow.',
  rationale:
    'Look-around and back-references are missing in RE2, Go and Rust. Nested repetitions take minutes on a text made for it.',
  hint: 'Rewrite the pattern without it, or check it in the tool.',
  sources: ['openai'],
  bad: { tools: [withParams({ subject: textParam({ pattern: '^(?!re:)' }) })] },
  good: { tools: [withParams({ subject: textParam({ pattern: '^[A-Za-z]' }) })] },
  check: eachTool((tool, report) => {
    for (const { schema, path } of tool.inputNodes) {
      const pattern = stringMember(schema, 'pattern');
      if (pattern === undefined) continue;
      const construct = CONSTRUCTS.find(([text]) => pattern.includes(text))?.[1];
      const problem = construct ?? (isCatastrophic(pattern) ? 'a repetition inside a repetition' : undefined);
      if (problem !== undefined)
        report({ tool, path: `${path}/pattern`, message: `The pattern has ${problem}.` });
    }
  }),
};
