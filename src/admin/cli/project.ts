import { findProject } from './find-project.ts';
import { type Column, renderTable } from './print-table.ts';
import { type OutputFlags, printResult, runCommand } from './run-command.ts';
import { terminalText } from './terminal-text.ts';
import { memberText } from './member.ts';

const COLUMNS: readonly Column[] = [
  { title: 'ID', cell: 'id' },
  { title: 'NAME', cell: 'name' },
  { title: 'STATE', cell: 'state' },
  { title: 'CREATED', cell: 'created_at' },
];

export function createProject(name: string, flags: OutputFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const project = await client.request({ method: 'POST', path: '/projects', body: { name } });
    await printResult(
      flags,
      project,
      `Project ${terminalText(name)} has the id ${memberText(project, 'id')}.\n`,
    );
  });
}

export function listProjects(flags: OutputFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const projects = await client.list({ path: '/projects' });
    await printResult(flags, projects, renderTable(COLUMNS, projects));
  });
}

export function archiveProject(wanted: string, flags: OutputFlags): Promise<number> {
  return runCommand(flags, async (client) => {
    const id = await findProject(client, wanted);
    const project = await client.request({ method: 'POST', path: `/projects/${id}/archive` });
    await printResult(flags, project, `Project ${id} is archived; its tokens are refused from now on.\n`);
  });
}
