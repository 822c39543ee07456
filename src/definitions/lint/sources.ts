/** Where the rules come from. A key is what a rule names; the text is what the reference shows. */
export const SOURCES = {
  mcp: 'Model Context Protocol, revision 2026-07-28',
  'json-schema': 'JSON Schema 2020-12',
  'rfc-3986': 'RFC 3986, Uniform Resource Identifier',
  anthropic: 'Anthropic: Writing effective tools for agents',
  'anthropic-directory': 'Anthropic: criteria of the connectors directory',
  openai: 'OpenAI: function calling and structured outputs',
  'openai-review': 'OpenAI: review of submitted apps',
  gemini: 'Gemini API: function declarations, and issues reported against its client',
  github: 'GitHub MCP server: tool sets and tool snapshots',
  'arxiv-2602.14878': 'arXiv 2602.14878, on the quality of MCP tool descriptions',
  'arxiv-2602.18914': 'arXiv 2602.18914, on how agents choose between tools',
  poisoning: 'Published tool-poisoning attacks, and the scanners for them',
  survey: 'A survey of 499 tools of 24 public servers',
  breakwater: 'Breakwater guideline',
} as const;

export type SourceKey = keyof typeof SOURCES;
