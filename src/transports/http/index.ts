export { answerEdge, edgeStatus, type EdgeProblem } from './edge-answer.ts';
export { createHostPolicy, isLoopbackHost, type HostPolicy, type HostPolicyOptions } from './host-policy.ts';
export {
  startHttpServer,
  type HttpServerOptions,
  type HttpTransport,
  type SideRoute,
} from './http-server.ts';
export { type BodyResult, readBody } from './read-body.ts';
export { isJsonContentType, readRequestHeaders, type RequestHeaders } from './request-headers.ts';
