import { describe, expect, it } from 'vitest';
import { matchesUriTemplate } from './uri-template.ts';

describe('matchesUriTemplate', () => {
  it.each([
    ['test://template/{id}/data', 'test://template/7/data', true],
    ['test://template/{id}/data', 'test://template/7/8/data', false],
    ['test://template/{id}/data', 'test://template//data', false],
    ['test://template/{id}/data', 'test://template/7/data/', false],
    ['file:///{+path}', 'file:///a/b/c', true],
    ['file:///{path}', 'file:///a/b/c', false],
    ['db://{table}{?limit,offset}', 'db://users?limit=3', true],
    ['db://{table}{?limit,offset}', 'db://users', true],
    ['demo://static', 'demo://static', true],
    ['demo://static', 'demo://static2', false],
    ['{+anything}', 'x://y', true],
    ['broken://{id', 'broken://7', false],
    ['', '', true],
  ])('%s owns %s: %s', (template, uri, expected) => {
    expect(matchesUriTemplate(template, uri)).toBe(expected);
  });

  it('answers a hostile template in linear time', () => {
    const template = `x://${'{a}-'.repeat(20)}end`;
    const started = performance.now();
    expect(matchesUriTemplate(template, `x://${'-'.repeat(8000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});
