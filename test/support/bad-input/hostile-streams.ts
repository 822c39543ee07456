import type { Hit } from '../raw-upstream.ts';
import { DONE, response } from './hostile-answers.ts';

/** One event with this text. */
export const event = (text: string): string => `event: message\ndata: ${text}\n\n`;
/** The good answer as one event. */
export const answerEvent = (hit: Hit): string => event(response(hit, DONE));
/** A notification as one event. */
export const notification = (method: string, params: object): string =>
  event(JSON.stringify({ jsonrpc: '2.0', method, params }));

/** Everything that a stream of events may look like, around one answer in two lines. */
export function oddStream(hit: Hit): string[] {
  const text = response(hit, DONE);
  const cut = text.indexOf('"result"');
  return [
    '\ufeff: comment\r',
    '\nretry: 10\r\rdata\r\n\r\n',
    `event: message\r\nid: 1\ndata:${text.slice(0, cut)}\rdata: ${text.slice(cut)}\r\n`,
    '\r\n',
  ];
}

/** The answer in pieces that cut its line ends and the bytes of its characters. */
export function cutStream(hit: Hit): Buffer[] {
  const text = response(hit, { ...DONE, content: [{ type: 'text', text: '世界🌍' }] });
  const whole = Buffer.from(`: x\r\ndata: ${text}\r\n\r\n`);
  const places = [4, whole.indexOf('世') + 1, whole.indexOf('🌍') + 2, whole.length - 3, whole.length - 1];
  return [0, ...places].map((start, index) => whole.subarray(start, places[index] ?? whole.length));
}

const BAD_UTF8 = Buffer.from([0xff, 0xfe]);
/** Bytes that are no UTF-8, where nobody has to read them or in the answer itself. */
export function withBadBytes(hit: Hit, place: 'comment' | 'answer'): Buffer[] {
  if (place === 'comment') return [Buffer.from(': '), BAD_UTF8, Buffer.from(`\n${answerEvent(hit)}`)];
  const [start = '', end = ''] = answerEvent(hit).split('done');
  return [Buffer.from(start), BAD_UTF8, Buffer.from(end)];
}
