export { ADMIN_ERRORS, type AdminErrorCode, type AdminErrorEntry } from './errors.ts';
export { errorCodesOf, pathIdsOf, renderOpenApi } from './openapi.ts';
export {
  ADMIN_PREFIX,
  ADMIN_ROUTES,
  type AdminRoute,
  type OperationId,
  type PathId,
} from './routes.ts';
export { SCHEMAS } from './schemas.ts';
export {
  type Checked,
  checkShape,
  expectationOf,
  type Field,
  type Shape,
  type Values,
  type Violation,
} from './shape.ts';
