export { WIRE_CODES, type WireCode } from './wire-codes.ts';
export {
  BATCH_REVISION,
  eraOf,
  HEADERLESS_REVISION,
  isLegacyRevision,
  isModernRevision,
  LATEST_LEGACY_REVISION,
  LATEST_MODERN_REVISION,
  LEGACY_REVISIONS,
  MODERN_REVISIONS,
  negotiateLegacy,
  REVISIONS,
  type Era,
  type LegacyRevision,
  type ModernRevision,
  type Revision,
} from './revisions.ts';
export { scanJson, type ScanProblem, type ScanResult } from './jsonrpc/scan.ts';
export type { ScanLimits } from './jsonrpc/scan-limits.ts';
export {
  scanResponse,
  type ResponseProblem,
  type ScannedMessage,
  type ScannedResultBody,
} from './jsonrpc/scan-response.ts';
export { parseInbound } from './jsonrpc/parse.ts';
export type {
  Inbound,
  InboundBatch,
  InboundInvalid,
  InboundNotification,
  InboundRequest,
  InboundResponse,
  InboundSingle,
  RequestId,
  RpcError,
} from './jsonrpc/message.ts';
export {
  chunksLength,
  encodeBatch,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  serverInfoMeta,
  toSingleLine,
  type ResultBody,
  type ResultSplice,
} from './jsonrpc/encode.ts';
export {
  codecFor,
  type EraCodec,
  type MethodClass,
  type ResultRules,
  type SubjectResult,
} from './eras/index.ts';
export { META_KEYS, readRequestMeta, type RequestMeta } from './request-meta.ts';
export { isTraceparent, traceIdOf } from './trace-context.ts';
export type { Classification, ClassifiableMessage, Classified, Unclassified } from './classification.ts';
export { classifyHttp, mirroredMember, type MirroredHeaders } from './classify.ts';
export { classifyStdio, type StdioState } from './classify-stdio.ts';
export { decodeHeaderValue, encodeHeaderValue, type DecodedHeader } from './headers/header-value.ts';
export {
  readParamHeaders,
  type ParamHeader,
  type ParamHeaderProblem,
  type ParamHeaders,
} from './headers/param-header-schema.ts';
export {
  buildParamHeaders,
  checkParamHeaders,
  type ParamHeaderCheck,
  type ReceivedHeaders,
} from './headers/param-headers.ts';
export { createSseParser, type SseFeed, type SseParser } from './sse/parse-sse.ts';
