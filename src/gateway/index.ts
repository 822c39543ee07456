export { startGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { GATEWAY_IDENTITY } from './identity.ts';
export { startStdioGateway, type StdioGateway, type StdioGatewayOptions } from './stdio-gateway.ts';
export * from './database-operations.ts';
