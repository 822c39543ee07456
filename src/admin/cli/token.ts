import { systemClock } from '../../platform/clock.ts';
import type { JsonObject } from '../../platform/json.ts';
import { CliFailure } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { findProject } from './find-project.ts';
import { instantOf } from './instants.ts';
import { type Column, renderTable } from './print-table.ts';
import { type OutputFlags, printResult, runCommand } from './run-command.ts';
import { memberText } from './member.ts';

export interface TokenFlags extends OutputFlags {
  readonly project?: string;
  /** The token of an operator, which belongs to no project. */
  readonly operator?: boolean;
}

export interface NewTokenFlags extends TokenFlags {
  readonly name: string;
  readonly scope?: readonly string[];
  readonly tool?: readonly string[];
  readonly expires?: string;
}

const COLUMNS: readonly Column[] = [
  { title: 'ID', cell: 'id' },
  { title: 'NAME', cell: 'name' },
  { title: 'TOKEN', cell: 'hint' },
  { title: 'STATE', cell: 'state' },
  { title: 'SCOPES', cell: 'scopes' },
  { title: 'EXPIRES', cell: 'expires_at' },
  { title: 'LAST USED', cell: 'last_used_at' },
];
const OPERATOR_COLUMNS: readonly Column[] = COLUMNS.filter(({ cell }) => cell !== 'scopes');

export function createToken(flags: NewTokenFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const expiresAt = instantOf(flags.expires, {
      flag: '--expires',
      direction: 'ahead',
      nowMs: systemClock.nowMs(),
    });
    const body: JsonObject = {
      name: flags.name,
      ...(flags.scope === undefined ? {} : { scopes: [...flags.scope] }),
      ...(flags.tool === undefined ? {} : { tool_allow_list: [...flags.tool] }),
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    };
    const isOperators = flags.operator === true;
    if (isOperators && (flags.project ?? flags.scope ?? flags.tool) !== undefined) {
      throw new CliFailure(EXIT.usage, "an operator's token takes no --project, --scope and --tool.");
    }
    const path = isOperators
      ? '/operator-tokens'
      : `/projects/${await findProject(client, flags.project)}/tokens`;
    const created = await client.request({ method: 'POST', path, body });
    const text = `Token ${memberText(created, 'id')}, shown only this once:\n\n  ${memberText(created, 'token')}\n\n`;
    await printResult(flags, created, text);
  });
}

export function listTokens(flags: TokenFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    if (flags.operator === true) {
      const page = await client.request({ method: 'GET', path: '/operator-tokens' });
      const items = (page['items'] ?? []) as JsonObject[];
      await printResult(flags, items, renderTable(OPERATOR_COLUMNS, items));
      return;
    }
    const id = await findProject(client, flags.project);
    const tokens = await client.list({ path: `/projects/${id}/tokens` });
    await printResult(flags, tokens, renderTable(COLUMNS, tokens));
  });
}

export function revokeToken(id: string, flags: TokenFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const folder = flags.operator === true ? '/operator-tokens' : '/tokens';
    const token = await client.request({ method: 'DELETE', path: `${folder}/${encodeURIComponent(id)}` });
    await printResult(flags, token, `Token ${memberText(token, 'id')} is revoked.\n`);
  });
}

/** What each state means to whoever asks why a token is refused. */
const MEANING: Readonly<Record<string, string>> = {
  active: 'is good.',
  expired: 'has expired.',
  revoked: 'was revoked, or its project is archived.',
  unknown: 'is well-formed, but no token that you may see.',
  mistyped: 'is mistyped or cut off: its checksum is wrong.',
  not_a_token: 'is not a token of Breakwater.',
  not_accepted: 'is a test token, which this gateway does not accept.',
};

/** Says what is wrong with the token on stdin: an argument would stand in the list of processes. */
export function checkToken(flags: OutputFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    let token = '';
    for await (const chunk of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
      token += chunk;
      if (token.length > 1_000) break;
    }
    const body = { token: token.trim().slice(0, 200) };
    const answer = await client.request({ method: 'POST', path: '/tokens/check', body });
    await printResult(
      flags,
      answer,
      `The token ${MEANING[memberText(answer, 'state')] ?? 'is in no known state.'}\n`,
    );
  });
}
