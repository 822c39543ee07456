import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LintFlags } from './lint-flags.ts';

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function count(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a number from 0 to 999999.');
  return Number(text);
}

function milliseconds(text: string): number {
  const value = count(text);
  if (value < 1) throw new InvalidArgumentError('It must be a number from 1 to 999999.');
  return value;
}

/** What stands behind `--` on the command line; commander mixes it with the other words. */
function commandAfterDashes(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--');
  return at === -1 ? [] : argv.slice(at + 1);
}

/** Options that say what to connect to, and how. */
function withTarget(command: Command): Command {
  return command
    .option('--server <name>', 'only this server of a configuration; repeatable', collect, [])
    .option('--header <name: value>', 'header for a URL; repeatable', collect, [])
    .option('--bearer-env <variable>', 'send the value of this variable as a bearer token to a URL')
    .option(
      '--env <name[=value]>',
      'variable for a command, by name from this environment; repeatable',
      collect,
      [],
    )
    .addOption(
      new Option('--timeout-ms <ms>', 'time for connecting and listing, per server')
        .default(30_000)
        .argParser(milliseconds),
    );
}

/** Options that say what counts, and how it is shown. */
function withRules(command: Command): Command {
  return command
    .addOption(
      new Option('--preset <preset>', 'which rules, and how severe')
        .choices(['recommended', 'strict', 'security', 'directory'])
        .default('recommended'),
    )
    .option(
      '--rule <id=severity>',
      'off, info, warning or error for a rule or a family/*; repeatable',
      collect,
      [],
    )
    .option('--ignore <id[@tool]=reason>', 'an exception, with its reason; repeatable', collect, [])
    .option('--config <file>', 'JSON with preset, rules and exceptions')
    .option('--trust-definitions', 'honour exceptions that stand in the definitions themselves')
    .option('--baseline <file>', 'accept the findings that this file lists')
    .option('--write-baseline <file>', 'write the findings to this file and accept them')
    .option('--max-warnings <n>', 'warnings that are still a success', count, 0)
    .addOption(
      new Option('-f, --format <format>', 'how to report')
        .choices(['human', 'json', 'sarif', 'github', 'markdown'])
        .default('human'),
    )
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the report to a file')
    .option('-v, --verbose', 'every finding on a line of its own');
}

const HELP = `
TARGET is one of
  tools.json            a tools/list result, {"tools": […]} or an array of tools; - reads it from stdin
  mcp.json              a configuration of MCP servers: each one is started or connected to and listed
  https://host/mcp      a live server
  -- COMMAND ARGS…      a server to start over stdio

Exit codes: 0 clean, 1 errors or too many warnings, 2 something could not be linted.`;

/** Adds \`breakwater lint\` and its subcommands. Light: the linter itself is loaded when one of them runs. */
export function registerLint(program: Command): void {
  const lint = withRules(withTarget(program.command('lint')))
    .description('Check tool definitions: of a file, a configuration, a live server, or a command.')
    .argument('[target]', 'file, configuration, URL, or - for stdin')
    .argument('[words...]')
    .option('--fix', 'mend what can be mended safely, in the file')
    .option('--fix-unsafe', 'mend also what has to be reviewed afterwards')
    .option('--rules', 'list the rules instead')
    .addHelpText('after', HELP)
    .action(async (target: string | undefined, _words: string[], flags: LintFlags) => {
      const cli = await import('./lint.ts');
      if (flags.rules === true) process.exitCode = await cli.listRules(flags);
      else
        process.exitCode = await cli.lintTarget({ target, command: commandAfterDashes(process.argv), flags });
    });
  lint
    .command('rules')
    .description('List the rules.')
    .option('--json', 'as JSON')
    .action(async (_own: object, command: Command) => {
      const { listRules } = await import('./lint.ts');
      process.exitCode = await listRules(command.optsWithGlobals());
    });
  lint
    .command('explain')
    .description('Explain a rule: why it is there, what it comes from, what it wants.')
    .argument('<id>', 'rule id, for example param/unit-in-name')
    .action(async (id: string) => {
      const { explainRule } = await import('./lint.ts');
      process.exitCode = await explainRule(id);
    });
  registerSnapshots(lint);
}

/** Words of a subcommand: its file, and what it is about. */
interface FileWords {
  readonly file: string;
  readonly target: string | undefined;
  readonly command: readonly string[];
  readonly flags: LintFlags;
}

function fileWords(command: Command): FileWords {
  const launched = commandAfterDashes(process.argv);
  const words = command.args.slice(0, command.args.length - launched.length);
  const [file, target] = words;
  // Without the check, the first word of the command would be taken for the file, and overwritten.
  if (file === undefined) command.error('error: the file comes before --');
  return { file: file ?? '', target, command: launched, flags: command.optsWithGlobals() };
}

function registerSnapshots(lint: Command): void {
  const subcommand = (name: string, description: string): Command =>
    lint
      .command(name)
      .description(description)
      .argument('<file>', 'the snapshot')
      .argument('[target]', 'what to list; as for lint')
      .argument('[words...]');
  // Commander passes every word as an argument of its own; the last one is the command itself.
  subcommand('snapshot', 'Write down the definitions, to compare later ones with.').action(
    async (...words: unknown[]) => {
      const { writeSnapshot } = await import('./lint.ts');
      process.exitCode = await writeSnapshot(fileWords(words[words.length - 1] as Command));
    },
  );
  subcommand('diff', 'Compare the definitions with a snapshot; breaking changes are errors.').action(
    async (...words: unknown[]) => {
      const { diffSnapshot } = await import('./lint.ts');
      process.exitCode = await diffSnapshot(fileWords(words[words.length - 1] as Command));
    },
  );
}
