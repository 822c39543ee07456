#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../../platform/version.ts';
import { addAdminCommands } from './admin-commands.ts';
import { addDbCommands } from './db-commands.ts';
import { EXIT } from './exit-codes.ts';
import type { ServeFlags, StdioFlags } from './flags.ts';
import { registerLint } from './lint-command.ts';

/** Commands load what they need when they run, so that `--help` and `stdio` do not load a database. */
function buildProgram(): Command {
  const program = new Command('breakwater')
    .description('The production gateway for MCP servers.')
    .version(VERSION, '-V, --version')
    .showHelpAfterError('(run with --help for usage)')
    .exitOverride();
  program
    .command('serve')
    .description('Serve the configured MCP servers over HTTP, behind every guardrail.')
    .option(
      '-c, --config <file>',
      'breakwater.json, or the mcp.json of a client (default: a bundled example server)',
    )
    .option('-d, --data <dir>', 'folder of the database, the keys and the audit journal', '.breakwater')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--port <port>', 'port to listen on; 0 takes any free one').default(8787).argParser(port),
    )
    .option('--json', 'print one JSON line on stdout when ready, and nothing else')
    .option('--new-admin-token', 'make another token of an operator and show it once')
    .action(async (options: ServeFlags) => {
      const { serve } = await import('./serve.ts');
      process.exitCode = await serve(options);
    });
  program
    .command('stdio')
    .description('Serve the same gateway to one local client over stdin and stdout.')
    .option(
      '-c, --config <file>',
      'breakwater.json, or the mcp.json of a client (default: a bundled example server)',
    )
    .option('-d, --data <dir>', 'folder of the audit journal', '.breakwater')
    .action(async (options: StdioFlags) => {
      const { stdio } = await import('./stdio.ts');
      process.exitCode = await stdio(options);
    });
  addAdminCommands(program);
  addDbCommands(program);
  registerLint(program);
  return program;
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d{1,5}$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return value;
}

try {
  await buildProgram().parseAsync();
} catch (error) {
  const exitCode = error instanceof Error && 'exitCode' in error ? error.exitCode : undefined;
  // Commander has already printed what is wrong with the command line; help and version end with 0.
  if (typeof exitCode === 'number') {
    process.exitCode = exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`breakwater: ${message}\n`);
    process.exitCode = EXIT.failed;
  }
}
// A connection or a child that is slow to close must not hold a process that has finished.
process.exit();
