import { baseVerb } from './verbs.ts';
import { singular, wordsOf } from './words.ts';

/** Words that carry nothing of their own in a description. */
const FILLER: ReadonlySet<string> = new Set(
  (
    'a an the this that these those of for to in on by with from and or as at is are be it its will can may used use ' +
    'using given new all any some one specified provided current specific single tool function method api endpoint ' +
    'operation action allows you your user lets helps parameter field value string number argument input'
  ).split(' '),
);

function stem(word: string): string {
  return baseVerb(word) ?? singular(word);
}

/**
 * True when a description says nothing that the name does not: "List orders"
 * on `list_orders`, "The user id" on `user_id`.
 */
export function isTautology(description: string, nameWords: readonly string[]): boolean {
  const words = wordsOf(description);
  if (words.length === 0 || words.length > 12) return false;
  const known = new Set(nameWords.flatMap((word) => [word, stem(word), singular(word)]));
  if (known.has('id')) known.add('identifier');
  return words
    .flatMap((word) => word.split('_'))
    .every(
      (word) => FILLER.has(word) || known.has(word) || known.has(stem(word)) || known.has(singular(word)),
    );
}
