/** One entry of a ustar archive, with a relative path that cannot leave its folder. */
export interface TarEntry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly data: Buffer;
}

/** Everything in an archive starts at a multiple of this. */
export const BLOCK = 512;

/**
 * Reads the plain ustar archives that this package makes itself: files and
 * folders with paths up to 100 characters. Anything else throws, because a
 * database unpacked by half is worse than none.
 */
export function* readTar(archive: Buffer): Generator<TarEntry> {
  let offset = 0;
  while (offset + BLOCK <= archive.length) {
    const header = parseTarHeader(archive.subarray(offset, offset + BLOCK));
    if (header === undefined) return;
    const { path, isDirectory, size } = header;
    const data = archive.subarray(offset + BLOCK, offset + BLOCK + size);
    if (data.length !== size) throw new Error('the archive is damaged');
    yield { path, isDirectory, data };
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Makes such an archive. Owner, time and mode are fixed, so that the same files give the same bytes. */
export function writeTar(entries: Iterable<TarEntry>): Buffer {
  const parts: Buffer[] = [];
  for (const { path, isDirectory, data } of entries) {
    const header = tarHeader({ path, isDirectory, size: data.length });
    parts.push(header, data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

/** What a header says of the entry that follows it. */
export interface TarHeader {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly size: number;
}

/** The header of an entry. Owner, time and mode are fixed. Throws for a path of more than 100 bytes. */
export function tarHeader({ path, isDirectory, size }: TarHeader): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error('the path is too long for the archive');
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0);
  header.write(isDirectory ? '0000700\0' : '0000600\0', 100);
  header.write('0000000\0'.repeat(2), 108);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(isDirectory ? '5' : '0', 156);
  header.write('ustar\u000000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Reads a block as a header; undefined for the empty block at the end. Throws for anything that `tarHeader` does not write. */
export function parseTarHeader(header: Buffer): TarHeader | undefined {
  if (header[0] === 0) return undefined;
  const size = Number.parseInt(text(header, 124, 12).trim(), 8);
  const type = String.fromCharCode(header[156] ?? 0);
  if (!Number.isSafeInteger(size) || size < 0) throw new Error('the archive is damaged');
  if (type !== '0' && type !== '\0' && type !== '5')
    throw new Error('the archive has an entry that is no file or folder');
  return { path: safePath(text(header, 0, 100)), isDirectory: type === '5', size };
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
