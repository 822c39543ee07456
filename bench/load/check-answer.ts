import type { RawResponse } from './response-reader.ts';

const TEXT_MEMBER = Buffer.from('"text":"');
const ID_WINDOW_BYTES = 256;

/** Says what is wrong with an answer, or nothing. */
export type AnswerCheck = (response: RawResponse, id: number) => string | undefined;

/**
 * Checks every answer: status 200, our id, and the exact text. Targets may
 * order members and add some, so the id and the text are looked for where a
 * serialiser puts them; the first answer and each 256th are also parsed in
 * full, which catches what a search cannot (an error with our id in it).
 */
export function createAnswerCheck(text: string): AnswerCheck {
  const expected = Buffer.from(`${text}"`);
  let seen = 0;
  return ({ status, body, keepAlive }, id) => {
    if (status !== 200) return `status ${status}: ${excerpt(body)}`;
    if (!keepAlive) return 'the target closes its connections';
    if (!carriesId(body, id)) return `id ${id} is not echoed: ${excerpt(body)}`;
    const textAt = body.indexOf(TEXT_MEMBER) + TEXT_MEMBER.length;
    if (expected.compare(body, textAt, textAt + expected.length) !== 0) return `wrong text: ${excerpt(body)}`;
    const parseInFull = seen % 256 === 0;
    seen += 1;
    return parseInFull ? checkParsed(body, id, text) : undefined;
  };
}

/** The id stands before or after the result; a search through a large result would only cost the generator CPU. */
function carriesId(body: Buffer, id: number): boolean {
  const member = `"id":${id}`;
  return (
    body.subarray(0, ID_WINDOW_BYTES).includes(member) || body.subarray(-ID_WINDOW_BYTES).includes(member)
  );
}

interface EchoAnswer {
  readonly id?: number;
  readonly result?: { readonly isError?: boolean; readonly content?: readonly { readonly text?: string }[] };
}

function checkParsed(body: Buffer, id: number, text: string): string | undefined {
  const answer = JSON.parse(body.toString()) as EchoAnswer;
  const right =
    answer.id === id && answer.result?.content?.[0]?.text === text && answer.result.isError !== true;
  return right ? undefined : `wrong answer: ${excerpt(body)}`;
}

function excerpt(body: Buffer): string {
  return body.toString('utf8', 0, 300);
}
