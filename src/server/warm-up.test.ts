import { describe, expect, it, vi } from 'vitest';
import { defineTool } from '../definitions/index.ts';
import { createLogger } from '../platform/logger.ts';
import { TestClock } from '../testing/index.ts';
import { warmUp } from './warm-up.ts';

const tool = (name: string, input: { type: 'object'; properties: object }) =>
  defineTool({ name, description: 'Try it.', input, effects: 'read', handler: () => 'done' });

describe('warming up', () => {
  it('compiles one tool after another once the server is idle, and names the one that cannot be', () => {
    const clock = new TestClock();
    const lines: string[] = [];
    const logger = createLogger({ nowMs: () => 0, write: (line) => lines.push(line) });
    const good = tool('good', { type: 'object', properties: {} });
    const check = vi.spyOn(good.input, 'check');
    warmUp([tool('bad', { type: 'object', properties: { a: { $ref: 'https://x/' } } }), good], {
      clock,
      logger,
    });
    clock.advance(249);
    expect(lines).toEqual([]);
    clock.advance(1);
    expect(lines.join()).toContain('tool bad: the input schema');
    expect(check).not.toHaveBeenCalled();
    clock.advance(5);
    expect(check).toHaveBeenCalledTimes(1);
    clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('stops when it is told to', () => {
    const clock = new TestClock();
    const one = tool('one', { type: 'object', properties: {} });
    const check = vi.spyOn(one.input, 'check');
    const cancel = warmUp([one], { clock, logger: createLogger({ nowMs: () => 0, write: () => {} }) });
    cancel();
    clock.advance(1_000);
    expect(check).not.toHaveBeenCalled();
  });
});
