import type { AuditFacts, AuditSink, Call } from '../../pipeline/index.ts';
import { AUDIT_TEXT_CHARS_MAX } from '../../platform/limits.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AuditEntry, AuditOption, AuditWriter } from './audit-option.ts';
import { AuditFile } from './file-writer.ts';

/** The sink of the pipeline, and what has to be closed after the last call. */
export interface ServerAudit {
  readonly sink: AuditSink;
  close(): void;
}

/** Opens the audit of a server. Throws when its file cannot be opened. */
export function openAudit(option: AuditOption | undefined, logger: Logger): ServerAudit {
  const writer = writerOf(option, logger);
  return {
    sink: {
      intent(call) {
        writer.write(entryOf(call, 'intent', call.startedAtMs));
        return undefined;
      },
      finish(call, _outcome, facts) {
        try {
          writer.write({
            ...entryOf(call, 'outcome', call.startedAtMs + facts.durationMs),
            ...outcomeOf(facts),
          });
        } catch (error) {
          // The work is done; its answer must not be lost because its record is.
          logger.error('audit_write_failed', {
            request_id: call.request.requestId,
            error: error instanceof Error ? error.message : 'unknown',
          });
        }
      },
    },
    close: () => writer.close?.(),
  };
}

function writerOf(option: AuditOption | undefined, logger: Logger): AuditWriter {
  if (option === undefined) return logWriter(logger);
  return 'file' in option ? new AuditFile(option.file) : option;
}

/** Outcomes as log lines. An intent would only double the log: it is not kept if the process dies. */
function logWriter(logger: Logger): AuditWriter {
  return {
    write({ event, time: _time, ...fields }) {
      if (event === 'outcome') logger.info('call', fields);
    },
  };
}

function entryOf(call: Call, event: AuditEntry['event'], atMs: number): AuditEntry {
  const { request } = call;
  const projectId = call.principalIfKnown?.projectId ?? call.refusedProjectId;
  const tokenId = call.principalIfKnown?.tokenId ?? call.refusedTokenId;
  return {
    event,
    time: new Date(atMs).toISOString(),
    request_id: request.requestId,
    method: request.method,
    ...(request.subject === undefined ? {} : { subject: request.subject.slice(0, AUDIT_TEXT_CHARS_MAX) }),
    ...(projectId === undefined ? {} : { project_id: projectId }),
    ...(tokenId === undefined ? {} : { token_id: tokenId }),
    transport: request.transport,
    revision: request.revision,
    request_bytes: request.requestBytes,
  };
}

function outcomeOf(facts: AuditFacts): Partial<AuditEntry> {
  return {
    status: facts.status,
    ...(facts.code === undefined ? {} : { code: facts.code }),
    dispatched: facts.dispatched,
    duration_ms: Math.round(facts.durationMs * 1000) / 1000,
    response_bytes: facts.responseBytes,
  };
}
