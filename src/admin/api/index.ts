export type { AdminPorts, BreakerState, StatusSource, UpstreamState } from './admin-call.ts';
export { createAdminRoute } from './admin-route.ts';
