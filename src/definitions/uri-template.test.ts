import { describe, expect, it } from 'vitest';
import { DefinitionError } from './definition-error.ts';
import { parseUriTemplate } from './uri-template.ts';

const match = (template: string, uri: string): unknown => parseUriTemplate(template, 'resource r').match(uri);

describe('uri templates', () => {
  it.each<[string, string, unknown]>([
    ['config://current', 'config://current', {}],
    ['config://current', 'config://current2', undefined],
    ['config://current', 'config://curren', undefined],
    ['t://tickets/{id}', 't://tickets/42', { id: '42' }],
    ['t://tickets/{id}', 't://tickets/', undefined],
    ['t://tickets/{id}', 't://tickets/a/b', undefined],
    ['t://tickets/{id}', 't://tickets/a%20b', { id: 'a b' }],
    ['t://{project}/tickets/{id}', 't://p/tickets/7', { project: 'p', id: '7' }],
    ['t://{project}/tickets/{id}.json', 't://p/tickets/7.json', { project: 'p', id: '7' }],
    ['t://{a}-{b}', 't://x-y-z', { a: 'x', b: 'y-z' }],
    ['f:///{+path}', 'f:///a/b/c.txt', { path: 'a/b/c.txt' }],
    ['f:///{+path}/raw', 'f:///a/b/raw', { path: 'a/b' }],
  ])('%s on %s gives %j', (template, uri, expected) => {
    expect(match(template, uri)).toEqual(expected);
  });

  it.each([
    ['t://{id}', 't://..'],
    ['t://{id}', 't://%2e%2e'],
    ['t://{id}', 't://a%2Fb'],
    ['t://{id}', 't://a%5Cb'],
    ['t://{id}', 't://a%00'],
    ['t://{id}', 't://%E0%A4%A'],
    ['f:///{+path}', 'f:///a/../../etc/passwd'],
    ['f:///{+path}', 'f:///a/%2e%2e/b'],
    ['t://{id}', `t://${'a'.repeat(9_000)}`],
  ])('takes nothing that climbs out of its place: %s on %s', (template, uri) => {
    expect(match(template, uri)).toBeUndefined();
  });

  it.each([
    'tickets/{id}',
    't://{id',
    't://{?q}',
    't://{a}{b}',
    't://{a}/{a}',
    't://{1}',
    't://a b',
    't://{id*}',
  ])('refuses %s where it is written', (template) => {
    expect(() => parseUriTemplate(template, 'resource r')).toThrow(DefinitionError);
  });

  it('takes time that is linear in the URI', () => {
    const template = parseUriTemplate('t://{a}x{b}x{c}x{d}x{e}', 'resource r');
    const uri = `t://${'x'.repeat(8_000)}/`;
    const startedMs = performance.now();
    for (let n = 0; n < 100; n += 1) template.match(uri);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});
