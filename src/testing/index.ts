export {
  FakeUpstream,
  type FakeAnswer,
  type FakeRequest,
  type FakeUpstreamOptions,
} from './fake-upstream.ts';
export { TestClock, type TestClockOptions } from './test-clock.ts';
