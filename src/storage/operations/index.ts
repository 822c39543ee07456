export { type BackupOptions, backupFolder } from './backup.ts';
export { checkDatabase, type DatabaseReport } from './check.ts';
export { graduate, type GraduateOptions, type GraduateReport } from './graduate.ts';
export type { BackupManifest } from './manifest.ts';
export { restoreFolder, type RestoreOptions } from './restore.ts';
