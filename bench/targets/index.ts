import type { TargetName } from '../options.ts';
import { BREAKWATER_TOOL, launchBreakwater } from './breakwater.ts';
import { launch, type TargetProcess, tsxCommand } from './target-process.ts';

export type { TargetProcess } from './target-process.ts';

export function launchUpstream(resultBytes: number): Promise<TargetProcess> {
  return launch({ command: tsxCommand('./upstream.process.ts', String(resultBytes)) });
}

/** What the load generator calls on a target. */
export function toolNameOn(target: TargetName): string {
  return target === 'breakwater' ? BREAKWATER_TOOL : 'echo';
}

/** Starts one target in front of `upstream`; `direct` is the upstream itself. */
export async function launchTarget(name: TargetName, upstream: TargetProcess): Promise<TargetProcess> {
  switch (name) {
    case 'direct':
      return { ...upstream, stop: async () => {} };
    case 'breakwater':
      return launchBreakwater(upstream.url);
    default:
      return launch({ command: tsxCommand(`./${name}.process.ts`, upstream.url) });
  }
}
