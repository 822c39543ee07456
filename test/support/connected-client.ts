/** A tool result as a test looks at it. */
export interface ToolCallResult {
  readonly isError: boolean;
  /** The text blocks, joined. */
  readonly text: string;
  readonly structuredContent: unknown;
}

/**
 * A connected official client behind one face, so that the same cases run for
 * each generation. Every method rejects with the client's own error; `codeOf`
 * reads the JSON-RPC code of it.
 */
export interface ConnectedClient {
  /** Revision that was negotiated. */
  readonly revision: string | undefined;
  readonly serverName: string | undefined;
  toolNames(): Promise<string[]>;
  callTool(
    name: string,
    args: Record<string, unknown>,
    options?: { signal?: AbortSignal },
  ): Promise<ToolCallResult>;
  resourceUris(): Promise<string[]>;
  resourceTemplates(): Promise<string[]>;
  /** Text of the first content. */
  readResource(uri: string): Promise<string | undefined>;
  promptNames(): Promise<string[]>;
  /** Text of the first message. */
  getPrompt(name: string, args: Record<string, string>): Promise<string | undefined>;
  completePrompt(name: string, argument: { name: string; value: string }): Promise<string[]>;
  close(): Promise<void>;
}

interface ContentLike {
  readonly type: string;
  readonly text?: unknown;
}

/** Narrows what either SDK returns from `callTool`. */
export function toToolCallResult(result: Record<string, unknown>): ToolCallResult {
  const content = (result['content'] ?? []) as readonly ContentLike[];
  return {
    isError: result['isError'] === true,
    text: content.map((block) => (typeof block.text === 'string' ? block.text : '')).join(''),
    structuredContent: result['structuredContent'],
  };
}

/** JSON-RPC code of an error that an official client threw. */
export function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** The JSON-RPC code that `work` rejects with; fails the test when it does not reject. */
export async function rejectionCode(work: Promise<unknown>): Promise<number | undefined> {
  try {
    await work;
  } catch (error) {
    return codeOf(error);
  }
  throw new Error('the call was expected to fail');
}
