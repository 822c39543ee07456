import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExportFlags, SearchFlags } from './audit.ts';
import type { OutputFlags } from './run-command.ts';
import type { NewTokenFlags, TokenFlags } from './token.ts';

const JSON_FLAG = ['--json', 'print JSON for programs'] as const;
const PROJECT_FLAG = [
  '-p, --project <project>',
  'id or name (default: the project of the token, or the only one)',
] as const;
const OPERATOR_FLAG = ['--operator', 'a token of an operator, which belongs to no project'] as const;

/** Adds the commands that talk to a running gateway, at `BREAKWATER_URL` with `BREAKWATER_TOKEN`. */
export function addAdminCommands(program: Command): void {
  addProjectCommands(program);
  addTokenCommands(program);
  addAuditCommands(program);
}

function addProjectCommands(program: Command): void {
  const project = program.command('project').description('Manage the projects of a running gateway.');
  project
    .command('create <name>')
    .description('Make a project.')
    .option(...JSON_FLAG)
    .action(async (name: string, flags: OutputFlags) => {
      process.exitCode = await (await import('./project.ts')).createProject(name, flags);
    });
  project
    .command('list')
    .description('List the projects.')
    .option(...JSON_FLAG)
    .action(async (flags: OutputFlags) => {
      process.exitCode = await (await import('./project.ts')).listProjects(flags);
    });
  project
    .command('archive <project>')
    .description('Refuse every token of a project from now on. There is no way back.')
    .option(...JSON_FLAG)
    .action(async (wanted: string, flags: OutputFlags) => {
      process.exitCode = await (await import('./project.ts')).archiveProject(wanted, flags);
    });
}

function addTokenCommands(program: Command): void {
  const token = program.command('token').description('Manage the tokens of a running gateway.');
  token
    .command('create')
    .description('Make a token. It is shown once.')
    .addOption(new Option('-n, --name <name>', 'for people').makeOptionMandatory())
    .option(...PROJECT_FLAG)
    .option('--scope <scopes...>', 'tools:call, tools:read, admin (default: the first two)', words)
    .option('--tool <tools...>', 'only these tools, by exposed name (default: all)', words)
    .option('--expires <when>', 'an instant, or a duration such as 30d (default: never)')
    .option(...OPERATOR_FLAG)
    .option(...JSON_FLAG)
    .action(async (flags: NewTokenFlags) => {
      process.exitCode = await (await import('./token.ts')).createToken(flags);
    });
  token
    .command('list')
    .description('List the tokens of a project.')
    .option(...PROJECT_FLAG)
    .option(...OPERATOR_FLAG)
    .option(...JSON_FLAG)
    .action(async (flags: TokenFlags) => {
      process.exitCode = await (await import('./token.ts')).listTokens(flags);
    });
  token
    .command('revoke <id>')
    .description('Refuse a token from now on. A call that is in flight finishes.')
    .option(...OPERATOR_FLAG)
    .option(...JSON_FLAG)
    .action(async (id: string, flags: TokenFlags) => {
      process.exitCode = await (await import('./token.ts')).revokeToken(id, flags);
    });
  token
    .command('check')
    .description('Say why a token is refused. The token is read from stdin.')
    .option(...JSON_FLAG)
    .action(async (flags: OutputFlags) => {
      process.exitCode = await (await import('./token.ts')).checkToken(flags);
    });
}

function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('Read the audit log of a running gateway.');
  withFilters(audit.command('search'))
    .description('Find calls, newest first.')
    .addOption(limit('50'))
    .action(async (flags: SearchFlags) => {
      process.exitCode = await (await import('./audit.ts')).searchAudit(flags);
    });
  withFilters(audit.command('tail'))
    .description('Show the last calls, and each further one as it ends.')
    .addOption(limit('10'))
    .action(async (flags: SearchFlags) => {
      process.exitCode = await (await import('./audit-tail.ts')).tailAudit(flags);
    });
  withFilters(audit.command('export'))
    .description('Write all matching calls, newest first.')
    .addOption(
      new Option('--format <format>', 'form of the export').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('-o, --out <file>', 'write to a file (default: stdout)')
    .action(async (flags: ExportFlags) => {
      process.exitCode = await (await import('./audit.ts')).exportAudit(flags);
    });
  audit
    .command('events')
    .description('Show who changed projects and tokens, newest first.')
    .option(...PROJECT_FLAG)
    .option('--all-projects', 'of the whole installation; for operators')
    .addOption(limit('50'))
    .option(...JSON_FLAG)
    .action(async (flags: SearchFlags) => {
      process.exitCode = await (await import('./audit.ts')).listAuditEvents(flags);
    });
}

/** The filters that search, tail and export share. */
function withFilters(command: Command): Command {
  return command
    .option(...PROJECT_FLAG)
    .option('--all-projects', 'calls of every project; for operators')
    .option('--status <status>', 'success, error, timeout or auth_failure')
    .option('--code <code>', 'code of a refusal or failure')
    .option('--tool <name>', 'tool, prompt or resource as the caller named it')
    .option('--upstream <name>', 'name of the upstream')
    .option('--token <id>', 'id of the token that made the call')
    .option('--call <id>', 'the request_id of an answer')
    .option('--from <when>', 'an instant, or a duration back from now such as 12h')
    .option('--to <when>', 'as --from')
    .option(...JSON_FLAG);
}

function limit(rows: string): Option {
  return new Option('-l, --limit <rows>', 'at most so many').default(Number(rows)).argParser((text) => {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 999999.');
    return Number(text);
  });
}

/** `--scope a,b` and `--scope a b` mean the same. */
function words(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(',').filter((word) => word !== '')];
}
