import type { ItemModel, LintModel } from './model.ts';

export interface NamedItem extends ItemModel {
  readonly kind: 'resource' | 'template';
  /** Name of the member that locates it. */
  readonly uriMember: 'uri' | 'uriTemplate';
}

/** Resources and resource templates, in this order. */
export function resourceItems(model: LintModel): NamedItem[] {
  return [
    ...model.resources.map((item): NamedItem => ({ ...item, kind: 'resource', uriMember: 'uri' })),
    ...model.resourceTemplates.map(
      (item): NamedItem => ({ ...item, kind: 'template', uriMember: 'uriTemplate' }),
    ),
  ];
}
