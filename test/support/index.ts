export { type Cleanup, createCleanup } from './cleanup.ts';
export { codeOf, type ConnectedClient, rejectionCode, type ToolCallResult } from './connected-client.ts';
export { EventLog } from './event-log.ts';
export { gatewayConfig, type UpstreamEntry } from './gateway-config.ts';
export {
  type Ending,
  GATEWAY_CLI,
  gatewayEnvironment,
  type GatewayOptions,
  type GatewayProcess,
  startGateway,
  writeGatewayConfig,
} from './gateway-process.ts';
export { type InspectorRun, runInspector } from './inspector.ts';
export { legacyClient, legacyStdioClient } from './legacy-client.ts';
export { listenOnLoopback, type LoopbackServer } from './loopback-server.ts';
export { modernClient, modernStdioClient } from './modern-client.ts';
export { modernRequest, rawPost, type RawPostOptions, type RawPostResult } from './raw-post.ts';
export {
  answerPreliminaries,
  answerResult,
  type Hit,
  type RawHandler,
  rawUpstream,
  type RawUpstream,
} from './raw-upstream.ts';
export { everythingServer, filesystemServer, memoryServer, type StdioLaunch } from './reference-servers.ts';
export { sdkV1HttpUpstream, type SdkV1Upstream } from './sdk-v1-upstream.ts';
export { sdkV2HttpUpstream, type SdkUpstream } from './sdk-v2-upstream.ts';
export { tempDir, type TempDir } from './temp-dir.ts';
export { NOTE_TEMPLATE, README_URI, UpstreamBehaviour, type UpstreamEvent } from './upstream-behaviour.ts';
