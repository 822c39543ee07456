/**
 * The gateway benchmark: one interleaved run of all targets in front of the
 * same upstream on this machine. How to read it: `bench/README.md`.
 */
import { echoText } from './echo-result.ts';
import { LoadDriver } from './load/load-driver.ts';
import { cpuSecondsOf, machineCpuSeconds } from './measure/cpu.ts';
import { describeMachine } from './measure/machine.ts';
import { type Cell, summariseCells } from './measure/summary.ts';
import { type BenchOptions, parseOptions, type TargetName, USAGE } from './options.ts';
import { writeResults } from './report/results-file.ts';
import { renderReport } from './report/table.ts';
import { launchTarget, launchUpstream, type TargetProcess, toolNameOn } from './targets/index.ts';

const LOAD_PROCESSES = 2;
const RESULT_BYTES_DEFAULT = 200;

interface Bench {
  readonly options: BenchOptions;
  readonly driver: LoadDriver;
  readonly targets: ReadonlyMap<TargetName, TargetProcess>;
}

/** CPU readings at one edge of a measured window. */
interface Reading {
  readonly atMs: number;
  readonly target: number;
  readonly ours: number;
  readonly machine: number;
}

function readCpu(target: TargetProcess): Reading {
  return {
    atMs: performance.now(),
    target: cpuSecondsOf([target.pid]),
    // Every process of the benchmark descends from this one.
    ours: cpuSecondsOf([process.pid]),
    machine: machineCpuSeconds(),
  };
}

async function measureCell(
  bench: Bench,
  name: TargetName,
  place: { connections: number; round: number },
): Promise<Cell> {
  const target = bench.targets.get(name);
  if (target === undefined) throw new Error(`${name} is not running`);
  const { options, driver } = bench;
  const edges: Reading[] = [];
  const load = await driver.run({
    template: { url: target.url, tool: toolNameOn(name), token: target.token },
    connections: place.connections,
    text: echoText(options.resultBytes),
    warmUpMs: options.warmUpMs,
    measureMs: options.measureMs,
    onWindow: () => edges.push(readCpu(target)),
  });
  const [start, end] = edges;
  if (start === undefined || end === undefined) throw new Error('the window was not measured');
  const foreignSeconds = end.machine - start.machine - (end.ours - start.ours);
  return {
    target: name,
    ...place,
    ...load,
    cpuPer10k: ((end.target - start.target) / Math.max(1, load.calls)) * 10_000,
    foreignCores: Math.max(0, (foreignSeconds * 1000) / (end.atMs - start.atMs)),
  };
}

async function measureAll(bench: Bench): Promise<Cell[]> {
  const { options } = bench;
  const cells: Cell[] = [];
  await compileHotPaths(bench);
  for (let round = 0; round < options.rounds; round += 1) {
    // Every other round runs backwards, so that drift of the machine favours no target.
    const order = round % 2 === 0 ? options.targets : options.targets.toReversed();
    for (const name of order) {
      for (const connections of options.connections) {
        const cell = await measureCell(bench, name, { connections, round });
        cells.push(cell);
        process.stderr.write(
          `round ${round + 1} ${name} × ${connections}: ${cell.callsPerSecond.toFixed(0)} calls/s, ` +
            `CPU ${cell.cpuPer10k.toFixed(2)}, foreign ${cell.foreignCores.toFixed(2)}${cell.problem === undefined ? '' : ` VOID ${cell.problem}`}\n`,
        );
      }
    }
  }
  return cells;
}

/**
 * One unmeasured pass. Without it the first round measures the compiler: the
 * slower targets need thousands of calls until their code is optimised, and
 * showed twice the CPU of later rounds.
 */
async function compileHotPaths(bench: Bench): Promise<void> {
  const connections = Math.max(...bench.options.connections);
  for (const [name, target] of bench.targets) {
    await bench.driver.run({
      template: { url: target.url, tool: toolNameOn(name), token: target.token },
      connections,
      text: echoText(bench.options.resultBytes),
      warmUpMs: 0,
      measureMs: bench.options.warmUpMs * 3,
      onWindow: () => {},
    });
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if ('problem' in options) {
    process.stderr.write(`${options.problem}\n\n${USAGE}`);
    return 2;
  }
  const stops: (() => Promise<void> | void)[] = [];
  try {
    const upstream = await launchUpstream(options.resultBytes);
    stops.push(upstream.stop);
    const targets = new Map<TargetName, TargetProcess>();
    for (const name of options.targets) {
      const target = await launchTarget(name, upstream);
      stops.push(target.stop);
      targets.set(name, target);
    }
    const driver = await LoadDriver.start(LOAD_PROCESSES);
    stops.push(() => driver.stop());

    const cells = await measureAll({ options, driver, targets });
    const rows = summariseCells(cells);
    const machine = describeMachine();
    process.stdout.write(renderReport(machine, options, rows, cells));
    if (options.write) {
      const path = await writeResults({ machine, options, rows, cells }, RESULT_BYTES_DEFAULT);
      process.stdout.write(`written: ${path}\n`);
    }
    return rows.some((row) => row.problem !== undefined) ? 1 : 0;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
