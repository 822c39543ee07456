import { z } from 'zod';
import { CONFIG_ENTRIES_MAX, CONFIG_STRING_CHARS_MAX } from '../platform/limits.ts';
import type { NarrowLimitsFile } from './schema-limits.ts';
import { narrowLimitsSchema } from './schema-limits.ts';

/** One tool of a server as written in a file, under its remote name. */
export interface ToolFile {
  name?: string | undefined;
  enabled: boolean;
  limits?: NarrowLimitsFile | undefined;
}

interface ServerFileBase {
  prefix?: string | undefined;
  enabled: boolean;
  limits?: NarrowLimitsFile | undefined;
  tools: Record<string, ToolFile>;
}

/** A remote server over Streamable HTTP as written in a file. */
export interface HttpServerFile extends ServerFileBase {
  type: 'http' | 'streamable-http';
  url: string;
  headers: Record<string, string>;
}

/** A local server that the gateway starts, as written in a file. */
export interface StdioServerFile extends ServerFileBase {
  type: 'stdio';
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd?: string | undefined;
}

/**
 * Names of servers. They become prefixes of tool names, path segments and
 * metric labels, so they keep to what all three allow; 32 characters leave
 * room for the tool's own name within the 64 that model providers accept.
 */
export const SERVER_NAME: RegExp = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}$/;
/** What a server name must look like, in words. */
export const NAME_RULE: string = '1 to 32 letters, digits, "_" or "-", starting with a letter or digit';
const PREFIX = /^([a-zA-Z0-9][a-zA-Z0-9_-]{0,31})?$/;
/** The strictest common set of the model providers. */
const EXPOSED_TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
/** Tool names of specification 2026-07-28, server/tools: 1 to 128 of these. */
const REMOTE_TOOL_NAME = /^[A-Za-z0-9_.-]{1,128}$/;
/** The names that a process environment can carry on every platform. */
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.()-]*$/;
/** RFC 9110 section 5.6.2, token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const text = z.string().max(CONFIG_STRING_CHARS_MAX);
const entries = <Value>(record: z.ZodType<Value>): z.ZodType<Value> =>
  record.refine((value) => Object.keys(value as object).length <= CONFIG_ENTRIES_MAX, {
    message: `at most ${CONFIG_ENTRIES_MAX} members`,
  });

const tool = z.strictObject({
  name: z
    .string()
    .regex(EXPOSED_TOOL_NAME, '1 to 64 letters, digits, "_" or "-"')
    .optional()
    .describe('Name shown to clients, before the prefix. Default: the remote name.'),
  enabled: z.boolean().default(true).describe('`false` hides the tool and refuses calls of it.'),
  limits: narrowLimitsSchema.optional().describe('Limits of this tool; absent members come from the server.'),
});

const common = {
  prefix: z
    .string()
    .regex(PREFIX, NAME_RULE)
    .optional()
    .describe(
      'Put before each name of this server. Default: the name of the server. Empty: names stay as they are.',
    ),
  enabled: z.boolean().default(true).describe('`false` leaves the server out without deleting its entry.'),
  limits: narrowLimitsSchema
    .optional()
    .describe('Limits of this server; absent members come from the top level.'),
  tools: z
    .record(
      z.string().regex(REMOTE_TOOL_NAME, 'a tool name of 1 to 128 letters, digits, "_", "." or "-"'),
      tool,
    )
    .default({})
    .describe('Settings of single tools, under the name that the server itself uses.'),
};

/** `mcpServers` entry with `url`. */
export const httpServerSchema: z.ZodType<HttpServerFile> = z.strictObject({
  type: z.enum(['http', 'streamable-http']).default('http').describe('Streamable HTTP. May be left out.'),
  url: text.min(1).describe('Endpoint, `https://` or `http://`. Variables are filled in.'),
  headers: entries(
    z.record(z.string().regex(HEADER_NAME, 'a header name without spaces or separators'), text),
  )
    .default({})
    .describe('Headers of every request to this server. Variables are filled in; keep tokens in variables.'),
  ...common,
});

/** `mcpServers` entry with `command`. */
export const stdioServerSchema: z.ZodType<StdioServerFile> = z.strictObject({
  type: z.literal('stdio').default('stdio').describe('A child process. May be left out.'),
  command: text.min(1).describe('Program to start. No shell is involved. Variables are filled in.'),
  args: z.array(text).max(CONFIG_ENTRIES_MAX).default([]).describe('Arguments. Variables are filled in.'),
  env: entries(z.record(z.string().regex(ENV_NAME, 'a variable name of letters, digits and "_"'), text))
    .default({})
    .describe('Environment of the process beside a short safe list. Variables are filled in.'),
  cwd: text.min(1).optional().describe('Working directory; relative to the folder of this file.'),
  ...common,
});
