import type { ServerIdentity } from '../routing/index.ts';
import { VERSION } from '../platform/version.ts';

/** What the gateway says about itself to MCP clients. */
export const GATEWAY_IDENTITY: ServerIdentity = { name: 'breakwater', title: 'Breakwater', version: VERSION };
