import { describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { childEnvironment } from './environment.ts';
import { createRedactor } from './redact.ts';
import { RestartPolicy } from './restart-policy.ts';
import { StderrLog } from './stderr-log.ts';

describe('RestartPolicy', () => {
  it('allows the first start at once and doubles the pause up to a minute', () => {
    const policy = new RestartPolicy();
    expect(policy.waitMs(0)).toBe(0);
    const pauses: number[] = [];
    let now = 0;
    for (let crash = 0; crash < 30; crash += 1) {
      policy.onEnd(now, now);
      pauses.push(policy.waitMs(now));
      now += policy.waitMs(now);
      expect(policy.waitMs(now)).toBe(0);
    }
    expect(pauses.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(Math.max(...pauses)).toBe(60_000);
  });

  it('starts over after a child that lived for a minute, and not after one that did not', () => {
    const policy = new RestartPolicy();
    for (let crash = 0; crash < 4; crash += 1) policy.onEnd(0, 0);
    policy.onEnd(100_000, 40_001);
    expect(policy.waitMs(100_000)).toBe(16_000);
    policy.onEnd(200_000, 140_000);
    expect(policy.waitMs(200_000)).toBe(1_000);
  });
});

describe('childEnvironment', () => {
  it('inherits a few names and nothing that looks like them', () => {
    const own = {
      PATH: '/bin',
      HOME: '/root',
      DATABASE_URL: 'x',
      NODE_OPTIONS: 'y',
      PATHX: 'z',
      LANG: undefined,
    };
    expect(childEnvironment(own, { KEY: 'v', HOME: '/data' })).toEqual({
      PATH: '/bin',
      HOME: '/data',
      KEY: 'v',
    });
  });
});

describe('StderrLog', () => {
  it('logs a bounded number of lines per second and says how many it left out', () => {
    const lines: { line?: string; dropped_lines?: number }[] = [];
    const clock = new TestClock();
    const logger = createLogger({ nowMs: () => 0, write: (line) => lines.push(JSON.parse(line) as object) });
    const log = new StderrLog({
      clock,
      logger,
      upstream: 'x',
      redact: createRedactor(['hunter2hunter2', 'abc']),
    });
    log.push(Buffer.from(`${'a\n'.repeat(25)}`));
    expect(lines).toHaveLength(20);
    clock.advance(1_000);
    log.push(Buffer.from('password hunter2hunter2 abc\nno newline yet'));
    expect(lines).toHaveLength(21);
    expect(lines[20]).toMatchObject({ line: 'password [redacted] abc', dropped_lines: 5 });
  });

  it('holds a bounded part of a line without an end', () => {
    const lines: string[] = [];
    const logger = createLogger({ nowMs: () => 0, write: (line) => lines.push(line) });
    const log = new StderrLog({ clock: new TestClock(), logger, upstream: 'x', redact: createRedactor([]) });
    for (let i = 0; i < 100; i += 1) log.push(Buffer.from('y'.repeat(1_000)));
    log.push(Buffer.from('\n'));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThan(1_000);
  });
});
