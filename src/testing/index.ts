export { assertRefused, AuditRecorder } from './audit-recorder.ts';
export {
  FakeUpstream,
  type FakeAnswer,
  type FakeRequest,
  type FakeUpstreamOptions,
} from './fake-upstream.ts';
export {
  connect,
  InMemoryClient,
  RpcFailure,
  type ConnectOptions,
  type RawAnswer,
  type RunningCall,
  type ToolAnswer,
} from './in-memory-client.ts';
export { TestClock, type TestClockOptions } from './test-clock.ts';
export {
  assertToolsUsable,
  fuzzReadOnlyTools,
  type FuzzOptions,
  type FuzzReport,
  type ToolProblem,
} from './check-tools.ts';
