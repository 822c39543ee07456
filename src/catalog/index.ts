export { PREFIX_SEPARATOR } from './exposed-names.ts';
export { ProjectDirectory } from './project-directory.ts';
export type { CompiledSchema, CompileSchema } from './remote-tool.ts';
export {
  UpstreamCatalog,
  type ToolSettings,
  type UpstreamCatalogOptions,
  type UpstreamSettings,
} from './upstream-catalog.ts';
