export * from 'node:fs';
// oxlint-disable-next-line import/no-default-export -- it stands in for a module that has one
export { default } from 'node:fs';

export const globSync = () => {
  throw new Error('fs.globSync needs Node 22; no command that is used here calls it');
};
