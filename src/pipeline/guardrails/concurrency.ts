import type { DeadlineHandle, DeadlineQueue } from '../../platform/deadlines.ts';
import { CONCURRENCY_RETRY_MS } from '../../platform/limits.ts';
import type { Call } from '../call.ts';
import type { Guardrail } from '../guardrail.ts';
import type { Outcome, Refusal } from '../outcome.ts';

/** Bounds of one project, and of each of its upstreams. */
export interface ConcurrencyLimits {
  readonly projectInFlight: number;
  readonly upstreamInFlight: number;
  /** Calls that may wait for a slot of one upstream. */
  readonly upstreamWaiting: number;
  readonly waitMs: number;
}

export interface ConcurrencyOptions {
  readonly deadlines: DeadlineQueue;
  readonly limits: (projectId: string, upstream: string) => ConcurrencyLimits;
}

const NO_SLOT: Refusal = { code: 'concurrency_limited', retryAfterMs: CONCURRENCY_RETRY_MS };

interface Waiter {
  readonly upstream: string;
  readonly limits: ConcurrencyLimits;
  readonly start: () => void;
}

/** What one project has in flight. Gone as soon as nothing is. */
interface ProjectSlots {
  inFlight: number;
  readonly inFlightByUpstream: Map<string, number>;
  /** In order of arrival, over all upstreams of the project. */
  readonly waiters: Waiter[];
}

/**
 * Slots per project and per upstream of a project, with a short first-come
 * queue for bursts. Projects share no slot and no queue, so one that floods
 * the gateway delays only itself. A call leaves the queue when it is aborted,
 * and each slot is given back once, when the call is over.
 */
export class ConcurrencyGuardrail implements Guardrail {
  readonly name = 'concurrency' as const;
  readonly #options: ConcurrencyOptions;
  readonly #projects = new Map<string, ProjectSlots>();

  constructor(options: ConcurrencyOptions) {
    this.#options = options;
  }

  enter(call: Call): Refusal | undefined | Promise<Refusal | undefined> {
    const { projectId } = call.principal;
    const { upstream } = call.target;
    const limits = this.#options.limits(projectId, upstream);
    assertLimits(limits);
    let project = this.#projects.get(projectId);
    if (project === undefined) {
      project = { inFlight: 0, inFlightByUpstream: new Map(), waiters: [] };
      this.#projects.set(projectId, project);
    }
    // Nobody who could run is ever left waiting, so a free slot means that no one is overtaken.
    if (hasRoom(project, upstream, limits)) {
      occupy(project, upstream);
      return undefined;
    }
    const waiting = project.waiters.filter((waiter) => waiter.upstream === upstream).length;
    if (waiting >= limits.upstreamWaiting) return NO_SLOT;
    return this.#wait(call, project, limits);
  }

  exit(call: Call, outcome: Outcome): Outcome {
    const { projectId } = call.principal;
    const { upstream } = call.target;
    const project = this.#projects.get(projectId);
    if (project === undefined) throw new Error('a slot is given back that was not taken');
    vacate(project, upstream);
    startWaiters(project);
    if (project.inFlight === 0 && project.waiters.length === 0) this.#projects.delete(projectId);
    return outcome;
  }

  /** Calls in flight and waiting of one project, for status pages. */
  snapshot(projectId: string): { readonly inFlight: number; readonly waiting: number } {
    const project = this.#projects.get(projectId);
    return { inFlight: project?.inFlight ?? 0, waiting: project?.waiters.length ?? 0 };
  }

  /** Projects that have anything in flight or waiting. */
  get projectCount(): number {
    return this.#projects.size;
  }

  #wait(call: Call, project: ProjectSlots, limits: ConcurrencyLimits): Promise<Refusal | undefined> {
    return new Promise((resolve) => {
      let timer: DeadlineHandle | undefined;
      let withdraw: (() => void) | undefined;
      let isOver = false;
      const settle = (refusal: Refusal | undefined): void => {
        isOver = true;
        timer?.remove();
        withdraw?.();
        resolve(refusal);
      };
      const waiter: Waiter = {
        upstream: call.target.upstream,
        limits,
        start: () => {
          settle(undefined);
        },
      };
      const leave = (): void => {
        if (isOver) return;
        project.waiters.splice(project.waiters.indexOf(waiter), 1);
        settle(NO_SLOT);
      };
      project.waiters.push(waiter);
      timer = this.#options.deadlines.add(limits.waitMs, leave);
      withdraw = call.onAbort(leave);
      if (isOver) timer.remove();
    });
  }
}

function hasRoom(project: ProjectSlots, upstream: string, limits: ConcurrencyLimits): boolean {
  return (
    project.inFlight < limits.projectInFlight &&
    (project.inFlightByUpstream.get(upstream) ?? 0) < limits.upstreamInFlight
  );
}

function occupy(project: ProjectSlots, upstream: string): void {
  project.inFlight += 1;
  project.inFlightByUpstream.set(upstream, (project.inFlightByUpstream.get(upstream) ?? 0) + 1);
}

function vacate(project: ProjectSlots, upstream: string): void {
  const inFlight = project.inFlightByUpstream.get(upstream);
  if (inFlight === undefined) throw new Error('a slot is given back that was not taken');
  project.inFlight -= 1;
  if (inFlight === 1) project.inFlightByUpstream.delete(upstream);
  else project.inFlightByUpstream.set(upstream, inFlight - 1);
}

/** Starts, in order of arrival, everyone for whom there is room now. */
function startWaiters(project: ProjectSlots): void {
  for (let index = 0; index < project.waiters.length; ) {
    const waiter = project.waiters[index];
    if (waiter === undefined || !hasRoom(project, waiter.upstream, waiter.limits)) {
      index += 1;
      continue;
    }
    project.waiters.splice(index, 1);
    occupy(project, waiter.upstream);
    waiter.start();
  }
}

function assertLimits(limits: ConcurrencyLimits): void {
  const isSound =
    limits.projectInFlight >= 1 &&
    limits.upstreamInFlight >= 1 &&
    limits.upstreamWaiting >= 0 &&
    limits.waitMs > 0;
  if (!isSound) throw new RangeError('a concurrency limit is out of bounds');
}
