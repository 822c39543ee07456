import { isJsonObject, type JsonValue } from '../../platform/json.ts';
import type { Finding, JsonEdit } from './finding.ts';
import { pointerSteps } from './pointer.ts';

export interface FixOptions {
  /** Also what has to be reviewed. Default: only what is safe. */
  readonly allowUnsafe?: boolean;
}

export interface FixedTools {
  readonly tools: readonly unknown[];
  /** Findings whose edits were all made. */
  readonly fixedCount: number;
}

/**
 * Applies the fixes of findings to a copy of the tools they were found in.
 * Edits of one definition are made in the order of the findings; one that does
 * not fit any more, because an earlier one removed its place, is skipped. Lint
 * again afterwards: two fixes may have appended to one description.
 */
export function applyFixes(
  tools: readonly unknown[],
  findings: readonly Finding[],
  options: FixOptions = {},
): FixedTools {
  const fixed: unknown[] = [...tools];
  const touched = new Set<string>();
  const copied = new Set<number>();
  let fixedCount = 0;
  for (const { fix, toolIndex } of findings) {
    if (fix === undefined || toolIndex === undefined || !(fix.isSafe || options.allowUnsafe === true))
      continue;
    // A second edit of one place was computed from the text before the first one.
    if (fix.edits.some((edit) => touched.has(`${toolIndex}${edit.path}`))) continue;
    if (!copied.has(toolIndex)) {
      fixed[toolIndex] = structuredClone(fixed[toolIndex]);
      copied.add(toolIndex);
    }
    const target = fixed[toolIndex] as JsonValue;
    const done = fix.edits.filter((edit) => applyEdit(target, edit));
    for (const edit of done) touched.add(`${toolIndex}${edit.path}`);
    if (done.length === fix.edits.length) fixedCount += 1;
  }
  return { tools: fixed, fixedCount };
}

/** Makes one edit in place. False when the place does not exist. */
function applyEdit(root: JsonValue, edit: JsonEdit): boolean {
  const steps = pointerSteps(edit.path);
  const last = steps?.pop();
  // A member of that name would change the prototype of the definition.
  if (steps === undefined || last === undefined || [...steps, last].includes('__proto__')) return false;
  let place: JsonValue | undefined = root;
  for (const step of steps) {
    if (Array.isArray(place)) place = place[Number(step)];
    else if (isJsonObject(place) && Object.hasOwn(place, step)) place = place[step];
    else return false;
  }
  if (Array.isArray(place)) {
    const index = Number(last);
    if (!Number.isInteger(index) || index < 0 || index >= place.length) return false;
    if (edit.op === 'remove') place.splice(index, 1);
    else place[index] = edit.value;
    return true;
  }
  if (!isJsonObject(place)) return false;
  if (edit.op === 'add') place[last] = edit.value;
  else if (Object.hasOwn(place, last)) delete place[last];
  else return false;
  return true;
}
