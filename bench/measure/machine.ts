import { cpus, hostname, release, totalmem } from 'node:os';

/** Where the numbers come from. Absolute rates mean nothing without it. */
export interface Machine {
  readonly name: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly date: string;
}

export function describeMachine(): Machine {
  return {
    name: hostname().replaceAll(/[^a-zA-Z0-9-]/g, '-') || 'unnamed',
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    date: new Date().toISOString(),
  };
}
