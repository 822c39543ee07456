import { describe, expect, it } from 'vitest';
import { makeCall, OK } from '../fixtures/make-call.ts';
import { Admission, inFlightMaxFor } from './admission.ts';

const MIB = 1024 * 1024;

describe('admission', () => {
  it('refuses new calls once it drains, and tells when the running ones are over', async () => {
    const admission = new Admission();
    const running = makeCall();
    expect(admission.enter(running)).toBeUndefined();
    admission.drain();
    expect(admission.isDraining).toBe(true);
    expect(admission.enter(makeCall())).toEqual({ code: 'shutting_down' });
    let isIdle = false;
    const idle = admission.whenIdle().then(() => {
      isIdle = true;
    });
    await Promise.resolve();
    expect(isIdle).toBe(false);
    expect(admission.exit(running, OK)).toBe(OK);
    await idle;
    expect(admission.inFlight).toBe(0);
    await admission.whenIdle();
  });

  it('aborts what is still running when the time to drain is over', () => {
    const admission = new Admission();
    const call = makeCall();
    admission.enter(call);
    admission.abortAll();
    expect(call.abortCause).toBe('drain');
  });

  it('refuses the call that does not fit, keeps a tenth for the handshake, and admits again after an exit', () => {
    const admission = new Admission({ inFlightMax: 10 });
    const calls = Array.from({ length: 9 }, () => makeCall());
    for (const call of calls) expect(admission.enter(call)).toBeUndefined();
    const overloaded = { code: 'overloaded', retryAfterMs: 1_000 };
    expect(admission.enter(makeCall())).toEqual(overloaded);
    expect(admission.enter(makeCall({ callClass: 'list' }))).toEqual(overloaded);
    const ping = makeCall({ callClass: 'control' });
    expect(admission.enter(ping)).toBeUndefined();
    expect(admission.enter(makeCall({ callClass: 'control' }))).toEqual(overloaded);
    admission.exit(ping, OK);
    for (const call of calls.slice(0, 1)) admission.exit(call, OK);
    expect(admission.enter(makeCall())).toBeUndefined();
  });

  it('sheds work but not the handshake while the process is overloaded', () => {
    const admission = new Admission({ isOverloaded: () => true });
    expect(admission.enter(makeCall())).toMatchObject({ code: 'overloaded' });
    expect(admission.enter(makeCall({ callClass: 'control' }))).toBeUndefined();
  });

  it('refuses bounds that mean nothing', () => {
    expect(() => new Admission({ inFlightMax: 0 })).toThrow(RangeError);
    expect(() => new Admission({ inFlightMax: Number.NaN })).toThrow(RangeError);
  });
});

describe('inFlightMaxFor', () => {
  it('allows what memory holds, within sense', () => {
    expect(inFlightMaxFor(1024 * MIB, 200 * MIB)).toBe(63);
    expect(inFlightMaxFor(64 * 1024 * MIB, 200 * MIB)).toBe(100);
    expect(inFlightMaxFor(256 * MIB, 300 * MIB)).toBe(10);
  });
});
