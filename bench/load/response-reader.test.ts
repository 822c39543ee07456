import { describe, expect, it } from 'vitest';
import { type RawResponse, ResponseReader } from './response-reader.ts';

const withLength = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello');
const chunked = Buffer.from(
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
);

function readAll(reader: ResponseReader, parts: readonly Buffer[]): RawResponse[] {
  return parts.flatMap((part) => reader.push(part) ?? []);
}

describe('ResponseReader', () => {
  it.each([
    ['a counted body', withLength],
    ['a chunked body', chunked],
  ])('reads %s whatever the packets are', (_name, bytes) => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const got = readAll(new ResponseReader(), [bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(got.map((response) => [response.status, response.body.toString()])).toEqual([[200, 'hello']]);
    }
    const bytewise = readAll(
      new ResponseReader(),
      [...bytes].map((byte) => Buffer.from([byte])),
    );
    expect(bytewise).toHaveLength(1);
  });

  it('starts afresh for the next response of the connection', () => {
    const reader = new ResponseReader();
    expect(readAll(reader, [withLength, chunked, withLength])).toHaveLength(3);
  });

  it('reports a status other than 200 and a closing connection instead of hiding them', () => {
    const bytes = Buffer.from('HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(new ResponseReader().push(bytes)).toMatchObject({ status: 503, keepAlive: false });
  });

  it.each([
    [
      'more bytes than the response has',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab',
      'after the response',
    ],
    ['a body of unknown length', 'HTTP/1.1 200 OK\r\n\r\nab', 'neither'],
    ['something that is not HTTP', 'hello there\r\n\r\n', 'not an HTTP'],
    ['a broken chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'chunk size'],
  ])('throws on %s', (_name, text, message) => {
    expect(() => new ResponseReader().push(Buffer.from(text))).toThrow(message);
  });
});
