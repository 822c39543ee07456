import type { RateLimit, TargetLimits } from '../pipeline/target.ts';
import type { TextPosition } from './json-source.ts';

/** Everything that the gateway is told, with every default filled in and every variable resolved. */
export interface GatewayConfig {
  /** File that was read; undefined for the built-in default. */
  readonly file: string | undefined;
  readonly project: string;
  readonly limits: GatewayLimits;
  readonly http: HttpConfig;
  readonly egress: EgressConfig;
  readonly audit: AuditConfig;
  /** Servers to serve, in the order of the file. Disabled and refused ones are not here. */
  readonly servers: readonly ServerConfig[];
  /** Names of entries with `enabled: false`. */
  readonly disabledServers: readonly string[];
  /**
   * Values that must never reach a log, an error or an answer: what came from
   * variables, and literals under names that promise a credential.
   */
  readonly secrets: ReadonlySet<string>;
}

/** Guards of the project. */
export interface GatewayLimits {
  readonly rate: RateLimit;
  readonly timeoutMs: number;
  readonly responseBytesMax: number;
  readonly concurrency: {
    readonly perUpstream: number;
    readonly waiting: number;
    readonly waitMs: number;
    readonly perProject: number;
  };
  readonly breaker: {
    readonly failures: number;
    readonly windowMs: number;
    readonly openMs: number;
    readonly probeSuccesses: number;
  };
  readonly drainMs: number;
}

export interface HttpConfig {
  /** Path of the endpoint, default `/mcp`. */
  readonly path: string;
  /** Additional `Host` values, lower case. */
  readonly allowedHosts: readonly string[];
  /** Allowed `Origin` values in serialised form, lower case. */
  readonly allowedOrigins: readonly string[];
}

export interface EgressConfig {
  /** Private networks that upstreams may use, CIDR with zero host bits. */
  readonly allow: readonly string[];
}

export interface AuditConfig {
  readonly retentionDays: number;
  /** Where a call is announced before it is made: in a local file, or committed in the database. */
  readonly durability: 'journal' | 'database';
}

interface ServerConfigBase {
  readonly name: string;
  /** Put before exposed names; `''`: names stay as they are. */
  readonly prefix: string;
  /**
   * Sixteen hex digits over everything that decides how this server is called.
   * Breakers and connections key on it, so a mended entry starts afresh.
   */
  readonly configRevision: string;
  /** Limits of a tool that has no entry in `tools`. */
  readonly limits: TargetLimits;
  /** Settings of single tools by remote name. */
  readonly tools: ReadonlyMap<string, ToolConfig>;
}

export interface HttpServerConfig extends ServerConfigBase {
  readonly type: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface StdioServerConfig extends ServerConfigBase {
  readonly type: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  /** Declared variables only; the connector adds its safe list. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; undefined: the working directory of the gateway. */
  readonly cwd: string | undefined;
}

export type ServerConfig = HttpServerConfig | StdioServerConfig;

export interface ToolConfig {
  /** Exposed name before the prefix; undefined: the remote name. */
  readonly name: string | undefined;
  readonly enabled: boolean;
  /** Complete: tool over server over project. */
  readonly limits: TargetLimits;
}

/** One mistake in a configuration. Describes what was found by its type, never by its value. */
export interface ConfigProblem {
  readonly file: string;
  /** Path in the file, `mcpServers.github.url`; `''` for the whole file. */
  readonly path: string;
  /** Where that is; undefined when the file could not be read as text. */
  readonly position: TextPosition | undefined;
  readonly expected: string;
  readonly found: string;
  /** What to do, where that is known. */
  readonly hint: string | undefined;
}

/** Something that works but was probably not meant. */
export interface ConfigWarning {
  readonly file: string;
  readonly path: string;
  readonly position: TextPosition | undefined;
  readonly message: string;
}

/** A server that is left out while the others are served. */
export interface RefusedServer {
  readonly file: string;
  readonly server: string;
  readonly path: string;
  readonly position: TextPosition | undefined;
  /** For people; names the key and, for an unset variable, the variable. */
  readonly reason: string;
  /** Variables that are not set; empty for any other reason. */
  readonly unsetVariables: readonly string[];
}
