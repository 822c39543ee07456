import { describe, expect, it } from 'vitest';
import { readTar, writeTar } from './tar.ts';

const entries = [
  { path: 'base', isDirectory: true, data: Buffer.alloc(0) },
  { path: 'base/1', isDirectory: false, data: Buffer.alloc(513, 7) },
  { path: 'PG_VERSION', isDirectory: false, data: Buffer.from('18\n') },
  { path: 'empty', isDirectory: false, data: Buffer.alloc(0) },
];

describe('the archive', () => {
  it('reads back as it was written', () => {
    expect([...readTar(writeTar(entries))]).toEqual(entries);
  });

  it('is the same for the same files', () => {
    expect(writeTar(entries)).toEqual(writeTar(entries));
  });

  it('is refused when it ends too early', () => {
    const whole = writeTar(entries);
    expect(() => [...readTar(whole.subarray(0, 512 * 3))]).toThrow('damaged');
  });

  it.each(['../outside', 'a/../../b', '..'])('is refused when a path leaves the folder: %s', (path) => {
    expect(() => [...readTar(writeTar([{ path, isDirectory: false, data: Buffer.alloc(0) }]))]).toThrow(
      'leaves',
    );
  });

  it('stays inside when a path begins with a slash', () => {
    const [entry] = readTar(writeTar([{ path: '/etc/passwd', isDirectory: false, data: Buffer.alloc(0) }]));
    expect(entry?.path).toBe('etc/passwd');
  });

  it('is refused when it holds a link', () => {
    const archive = writeTar(entries);
    archive.write('2', 156);
    expect(() => [...readTar(archive)]).toThrow('no file or folder');
  });
});
