// What the command line does with a database beside serving it. The composition root is where it meets storage.
export {
  backupFolder,
  type BackupManifest,
  checkDatabase,
  databaseOptions,
  type DatabaseReport,
  exportKeys,
  graduate,
  type GraduateReport,
  loadKeys,
  restoreFolder,
} from '../storage/index.ts';
