export type { Directory, EndpointView, ListContent, ListItem, ListKind, Subject } from './directory.ts';
export { createMessageHandler, type MessageHandlerOptions } from './message-handler.ts';
export { createRouter, type RouterOptions } from './router.ts';
export type { ServerIdentity } from './server-identity.ts';
