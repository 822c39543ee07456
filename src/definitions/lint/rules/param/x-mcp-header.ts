import { readParamHeaders } from '../../../../protocol/index.ts';
import { textParam, withParams } from '../../examples.ts';
import { eachTool, type Rule } from '../../rule.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  not_a_token: 'is not a token',
  not_unique: 'is declared twice',
  wrong_type: 'is on a value that is neither a text nor an integer nor a boolean',
  not_reachable: 'stands where it is not reached by properties alone',
  too_many: 'is declared too often',
  too_deep: 'is nested too deeply',
};

export const paramXMcpHeader: Rule = {
  id: 'param/x-mcp-header',
  severity: 'error',
  provenance: 'spec',
  summary: '`x-mcp-header` names one header of its own, on a value that a header can carry.',
  rationale: 'Clients have to drop a tool with an invalid declaration.',
  hint: 'Use a token that no other parameter has, on a top-level text, integer or boolean.',
  sources: ['mcp'],
  bad: { tools: [withParams({ region: textParam({ 'x-mcp-header': 'not a token' }) })] },
  good: { tools: [withParams({ region: textParam({ 'x-mcp-header': 'Region' }) })] },
  check: eachTool((tool, report) => {
    const headers = readParamHeaders(tool.input);
    if (headers.ok) return;
    const path =
      tool.inputNodes.find(({ schema }) => Object.hasOwn(schema, 'x-mcp-header'))?.path ?? '/inputSchema';
    report({ tool, path, message: `An x-mcp-header ${PROBLEMS[headers.problem] ?? 'is invalid'}.` });
  }),
};
