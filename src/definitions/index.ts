export * from './json-schema/index.ts';
