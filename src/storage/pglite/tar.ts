/** One entry of a ustar archive, with a relative path that cannot leave its folder. */
export interface TarEntry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly data: Buffer;
}

const BLOCK = 512;

/**
 * Reads the plain ustar archives that this package makes itself: files and
 * folders with paths up to 100 characters. Anything else throws, because a
 * database unpacked by half is worse than none.
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let offset = 0;
  while (offset + BLOCK <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header[0] === 0) return;
    const size = Number.parseInt(text(header, 124, 12).trim(), 8);
    const type = String.fromCharCode(header[156] ?? 0);
    const data = archive.subarray(offset + BLOCK, offset + BLOCK + size);
    if (!Number.isSafeInteger(size) || data.length !== size) throw new Error('the archive is damaged');
    if (type !== '0' && type !== '\0' && type !== '5')
      throw new Error('the archive has an entry that is no file or folder');
    yield { path: safePath(text(header, 0, 100)), isDirectory: type === '5', data };
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Makes such an archive. Owner, time and mode are fixed, so that the same files give the same bytes. */
export function writeTar(entries: Iterable<TarEntry>): Buffer {
  const parts: Buffer[] = [];
  for (const { path, isDirectory, data } of entries) {
    if (Buffer.byteLength(path) > 100) throw new Error('the path is too long for the archive');
    const header = Buffer.alloc(BLOCK);
    header.write(path, 0);
    header.write(isDirectory ? '0000700\0' : '0000600\0', 100);
    header.write('0000000\0'.repeat(2), 108);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(isDirectory ? '5' : '0', 156);
    header.write('ustar\u000000', 257);
    let sum = 0;
    for (const byte of header) sum += byte;
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    parts.push(header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end);
}

function safePath(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.length === 0 || steps.includes('..'))
    throw new Error('the archive has a path that leaves its folder');
  return steps.join('/');
}
