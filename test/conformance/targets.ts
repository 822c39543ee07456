import { gatewayConfig, listenOnLoopback, startGateway } from '../support/index.ts';
import { startBearerShim } from './bearer-shim.ts';
import type { Fixture } from './fixture/fixture.ts';
import { startLibraryFixture } from './fixture/library-fixture.ts';
import { startSdkFixture } from './fixture/sdk-fixture.ts';

/** What the server suite is run against. */
export const TARGETS = ['fixture', 'gateway', 'gateway-legacy', 'library', 'nothing'] as const;
export type TargetName = (typeof TARGETS)[number];

export interface Target {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** More calls in a minute than the suite makes: its speed is not what is judged. */
const RATE = { rate: { calls: 10_000, window_ms: 60_000 } };

const STARTS: Readonly<Record<TargetName, () => Promise<Target>>> = {
  fixture: startSdkFixture,
  gateway: () => startGatewayInFront(startSdkFixture()),
  'gateway-legacy': () => startGatewayInFront(startSdkFixture({ era: 'legacy' })),
  library: startLibraryFixture,
  nothing: startNothing,
};

/** Starts a target. Names are loopback's, so that a server may judge `Host`. */
export function startTarget(name: TargetName): Promise<Target> {
  return STARTS[name]();
}

/** The built gateway, on the endpoint that shows the fixture under its own names. */
async function startGatewayInFront(starting: Promise<Fixture>): Promise<Target> {
  const fixture = await starting;
  const config = gatewayConfig({ fixture: { url: fixture.url } }, { limits: RATE });
  const gateway = await startGateway({ config });
  const shim = await startBearerShim(gateway.endpointOf('fixture'), gateway.token);
  return {
    url: `${shim.origin}/mcp`,
    close: async () => {
      await shim.close();
      await gateway.stop();
      await fixture.close();
    },
  };
}

/** An address where nobody listens any more: whatever succeeds there proves nothing anywhere. */
async function startNothing(): Promise<Target> {
  const server = await listenOnLoopback(() => {});
  await server.close();
  return { url: `${server.origin}/mcp`, close: () => Promise.resolve() };
}
