export { answerEdge, edgeStatus, type EdgeProblem } from './edge-answer.ts';
export { createHostPolicy, isLoopbackHost, type HostPolicy, type HostPolicyOptions } from './host-policy.ts';
export {
  startHttpServer,
  type HttpServerOptions,
  type HttpTransport,
  type SideRoute,
} from './http-server.ts';
