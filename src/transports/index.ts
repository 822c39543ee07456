export * from './http/index.ts';
export * from './message-handler.ts';
export * from './stdio/index.ts';
