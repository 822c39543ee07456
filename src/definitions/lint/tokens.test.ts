import { describe, expect, it } from 'vitest';
import { lint } from './engine.ts';
import { readTool, withSchema } from './examples.ts';
import { savedTokens, tokensOf } from './tokens.ts';

function tokens(...tools: object[]): ReturnType<typeof lint>['tokens'] {
  return lint({ tools }).tokens;
}

describe('the estimate of tokens', () => {
  it('counts 4.4 characters of JSON as one token, and rounds up', () => {
    expect([tokensOf(0), tokensOf(1), tokensOf(44), tokensOf(45)]).toEqual([0, 1, 10, 11]);
  });

  it('is the sum of its tools, and counts what hosts show: name, description, input schema', () => {
    const report = tokens(readTool(), readTool({ name: 'get_a', description: 'x'.repeat(440) }));
    expect(report.total).toBe(report.tools.reduce((sum, { total }) => sum + total, 0));
    expect(report.tools[1]?.description).toBe(100);
    expect(tokens(readTool({ outputSchema: undefined })).total).toBe(tokens(readTool()).total);
  });

  it('finds what could be left out: members that say nothing, long text, repeated sentences', () => {
    const noisy = withSchema({ $schema: 'http://json-schema.org/draft-07/schema#', title: 'Arguments' });
    expect(tokens(noisy).tools[0]?.savings.noise).toBeGreaterThan(10);
    expect(tokens(readTool({ description: 'x'.repeat(1_024 + 440) })).tools[0]?.savings.longText).toBe(100);
    const shared = ['a', 'b', 'c'].map((name) =>
      readTool({ name, description: `${name}. You must be logged in before you use it.` }),
    );
    const [first, second, third] = tokens(...shared).tools;
    expect([
      first?.savings.repeatedText,
      (second?.savings.repeatedText ?? 0) > 5,
      (third?.savings.repeatedText ?? 0) > 5,
    ]).toEqual([0, true, true]);
    expect(tokens(...shared.slice(0, 2)).savings).toBe(0);
  });

  it('saves text that is both long and repeated only once', () => {
    expect(
      savedTokens({
        tool: 'a',
        total: 9,
        description: 9,
        inputSchema: 0,
        outputSchema: 0,
        savings: { noise: 1, longText: 5, repeatedText: 3 },
      }),
    ).toBe(6);
  });

  it('claims no saving for definitions that are in order', () => {
    expect(tokens(readTool()).savings).toBe(0);
  });
});
