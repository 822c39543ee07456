import { setTimeout as delay } from 'node:timers/promises';
import { EventLog } from './event-log.ts';

/** A tool result as both generations of the SDK take it. */
export interface ToolResult {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  /** The SDK's result types are open objects. */
  [member: string]: unknown;
}

export interface UpstreamEvent {
  readonly tool: string;
  readonly phase: 'started' | 'finished' | 'aborted';
}

/**
 * What the SDK upstreams of both generations do, so that a difference between
 * them in a test is a difference of the protocol and not of the fixture.
 */
export class UpstreamBehaviour {
  readonly events: EventLog<UpstreamEvent> = new EventLog();

  echo(message: string): ToolResult {
    this.events.push({ tool: 'echo', phase: 'started' });
    return text(`Echo: ${message}`);
  }

  add(a: number, b: number): ToolResult {
    return { ...text(JSON.stringify({ sum: a + b })), structuredContent: { sum: a + b } };
  }

  /** Answers after `ms`, unless the caller goes away first. */
  async slow(ms: number, signal: AbortSignal): Promise<ToolResult> {
    this.events.push({ tool: 'slow', phase: 'started' });
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      this.events.push({ tool: 'slow', phase: 'aborted' });
      throw error;
    }
    this.events.push({ tool: 'slow', phase: 'finished' });
    return text(`waited ${ms} ms`);
  }

  big(bytes: number): ToolResult {
    return text('x'.repeat(bytes));
  }

  fail(): ToolResult {
    return { ...text('this tool always fails'), isError: true };
  }

  note(name: string): string {
    return `Note ${name}`;
  }

  greeting(name: string): string {
    return `Greet ${name} politely.`;
  }

  completeName(start: string): string[] {
    return ['Ada', 'Alan', 'Grace'].filter((name) => name.startsWith(start));
  }
}

function text(value: string): ToolResult {
  return { content: [{ type: 'text', text: value }] };
}

export const README_URI = 'notes://readme';
export const NOTE_TEMPLATE = 'notes://{name}';
