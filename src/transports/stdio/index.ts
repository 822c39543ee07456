export { readLines, type LineReaderOptions } from './line-reader.ts';
export { startStdioServer, type StdioServerOptions, type StdioTransport } from './stdio-server.ts';
