import { isJsonObject } from '../../../platform/json.ts';
import type { ParamModel } from '../model.ts';
import { nameWords } from './words.ts';

/** What a number measures, as far as a name shows it. */
export type Dimension = 'time' | 'length' | 'money' | 'data' | 'speed' | 'angle';

/** Words of names that promise a dimension when they stand last. */
const DIMENSION_BY_WORD: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  ...[
    'timeout',
    'delay',
    'duration',
    'interval',
    'ttl',
    'wait',
    'elapsed',
    'latency',
    'lifetime',
    'cooldown',
    'backoff',
    'debounce',
    'expiry',
  ].map((word): [string, Dimension] => [word, 'time']),
  ...['distance', 'radius', 'altitude', 'elevation'].map((word): [string, Dimension] => [word, 'length']),
  ...['amount', 'price', 'cost', 'fee', 'budget'].map((word): [string, Dimension] => [word, 'money']),
  ...['filesize', 'bandwidth'].map((word): [string, Dimension] => [word, 'data']),
  ...['speed', 'velocity'].map((word): [string, Dimension] => [word, 'speed']),
  ...['angle', 'rotation'].map((word): [string, Dimension] => [word, 'angle']),
]);

/** Pairs of last words; one of them alone means too many other things. */
const DIMENSION_BY_PAIR: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  ['max age', 'time'],
  ['cache age', 'time'],
  ['wait for', 'time'],
  ['expires in', 'time'],
  ['valid for', 'time'],
  ['time out', 'time'],
  ['wait time', 'time'],
  ['sleep time', 'time'],
  ['run time', 'time'],
  ['file size', 'data'],
  ['body size', 'data'],
  ['memory size', 'data'],
  ['disk size', 'data'],
  ['buffer size', 'data'],
  ['upload size', 'data'],
]);

/** Units by the words that name them in a text or at the end of a name. */
const UNITS: readonly (readonly [unit: string, words: string])[] = [
  ['nanoseconds', 'ns nanos nanosecond nanoseconds'],
  ['microseconds', 'us micros microsecond microseconds'],
  ['milliseconds', 'ms msec msecs millis millisecond milliseconds'],
  ['seconds', 'sec secs second seconds'],
  ['minutes', 'mins minute minutes'],
  ['hours', 'hr hrs hour hours'],
  ['days', 'day days'],
  ['weeks', 'week weeks'],
  ['months', 'month months'],
  ['years', 'year years'],
  ['bytes', 'byte bytes octets'],
  ['kilobytes', 'kb kib kilobyte kilobytes'],
  ['megabytes', 'mb mib megabyte megabytes'],
  ['gigabytes', 'gb gib gigabyte gigabytes'],
  ['bits per second', 'bps kbps mbps gbps'],
  ['pixels', 'px pixel pixels'],
  ['meters', 'meter meters metre metres'],
  ['kilometers', 'km kms kilometer kilometers kilometre kilometres kmh kph'],
  ['centimeters', 'cm centimeter centimeters centimetre centimetres'],
  ['millimeters', 'mm millimeter millimeters millimetre millimetres'],
  ['miles', 'mi mile miles mph'],
  ['feet', 'ft foot feet'],
  ['degrees', 'deg degree degrees'],
  ['radians', 'rad radian radians'],
  ['percent', 'pct percent percentage'],
  ['dollars', 'usd dollar dollars'],
  ['euros', 'eur euro euros'],
  ['pounds', 'gbp'],
  ['cents', 'cent cents minor'],
  ['a token', 'wei gwei eth btc satoshi satoshis sats lamports'],
  ['tokens', 'token tokens'],
  ['characters', 'char chars character characters'],
  ['a count', 'steps frames ticks retries attempts turns credits points units count rows items'],
];

const UNIT_BY_WORD: ReadonlyMap<string, string> = new Map(
  UNITS.flatMap(([unit, words]) => words.split(' ').map((word): [string, string] => [word, unit])),
);

/** Units of one letter, and `min`, that count only as the last of several words: `retry_after_s`, not `s`. */
const SHORT_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'seconds'],
  ['m', 'meters'],
  ['h', 'hours'],
  ['d', 'days'],
  ['b', 'bytes'],
  ['min', 'minutes'],
]);

/** What the number of that name measures; undefined when the name does not say. Words as of `nameWords`. */
export function dimensionOf(words: readonly string[]): Dimension | undefined {
  const bare = unitOfName(words) === undefined ? words : words.slice(0, -1);
  const last = bare[bare.length - 1];
  if (last === undefined) return undefined;
  const pair = bare.length > 1 ? DIMENSION_BY_PAIR.get(`${bare[bare.length - 2] ?? ''} ${last}`) : undefined;
  if (pair !== undefined) return pair;
  if (last === 'max' || last === 'min') return dimensionOf(bare.slice(0, -1));
  return DIMENSION_BY_WORD.get(last);
}

/** The unit at the end of a name. Names with the unit in front (`ms_timeout`) count as well. */
export function unitOfName(words: readonly string[]): string | undefined {
  const last = words[words.length - 1];
  if (last === undefined) return undefined;
  const unit = UNIT_BY_WORD.get(last) ?? (words.length > 1 ? SHORT_UNITS.get(last) : undefined);
  if (unit !== undefined) return unit;
  const [first] = words;
  return words.length > 1 && first !== undefined ? UNIT_BY_WORD.get(first) : undefined;
}

/** Units that a text names. */
export function unitsInText(words: readonly string[]): ReadonlySet<string> {
  const units = new Set<string>();
  for (const word of words) {
    // `30s` and `500ms` name their unit behind the number.
    const suffix = /^[0-9]+([a-z]+)$/.exec(word)?.[1];
    const unit =
      UNIT_BY_WORD.get(word) ??
      (suffix === undefined ? undefined : (UNIT_BY_WORD.get(suffix) ?? SHORT_UNITS.get(suffix)));
    if (unit !== undefined) units.add(unit);
    if (word === 'currency') units.add('dollars');
  }
  return units;
}

/** Units of time. */
export const TIME_UNITS: ReadonlySet<string> = new Set([
  'nanoseconds',
  'microseconds',
  'milliseconds',
  'seconds',
  'minutes',
  'hours',
  'days',
  'weeks',
  'months',
  'years',
]);

/** What a numeric member measures, and where its unit is said. */
export interface Measured {
  readonly dimension: Dimension;
  readonly unitInName: string | undefined;
  readonly unitsInText: ReadonlySet<string>;
}

/**
 * Undefined for what is no number, measures nothing that its name shows, or
 * has its unit in a member beside it (`amount` and `currency`).
 */
export function measured(param: ParamModel): Measured | undefined {
  if (!param.types.some((type) => type === 'number' || type === 'integer')) return undefined;
  const dimension = dimensionOf(param.words);
  if (dimension === undefined) return undefined;
  const siblings = param.node.parent?.schema['properties'];
  const hasUnitBeside = Object.keys(isJsonObject(siblings) ? siblings : {}).some((name) => {
    const words = nameWords(name);
    const last = words[words.length - 1];
    return last === 'unit' || last === 'units' || (dimension === 'money' && last === 'currency');
  });
  if (hasUnitBeside) return undefined;
  return { dimension, unitInName: unitOfName(param.words), unitsInText: unitsInText(param.text.split(' ')) };
}
