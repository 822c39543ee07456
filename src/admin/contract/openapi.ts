import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { VERSION } from '../../platform/version.ts';
import { ADMIN_ERRORS, type AdminErrorCode } from './errors.ts';
import { ADMIN_PREFIX, ADMIN_ROUTES, type AdminRoute } from './routes.ts';
import { SCHEMAS } from './schemas.ts';
import type { Field, Shape } from './shape.ts';

/** The OpenAPI 3.1 description of the admin surface. */
export function renderOpenApi(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of ADMIN_ROUTES) {
    const path = `${ADMIN_PREFIX}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Breakwater admin API', version: VERSION },
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: SCHEMAS as JsonObject,
    },
  };
}

/** Names in braces, in order. */
export function pathIdsOf(path: string): string[] {
  return [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] ?? '');
}

function operation(route: AdminRoute): JsonObject {
  const inPath = pathIdsOf(route.path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, field]) => ({
    name,
    in: 'query',
    description: field.description,
    schema: fieldSchema(field),
  }));
  return {
    operationId: route.id,
    summary: route.summary,
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: { [String(route.status)]: success(route), ...failures(route) },
  };
}

function requestBody(shape: Shape): JsonObject {
  const required = Object.keys(shape).filter((name) => shape[name]?.required === true);
  const properties: JsonObject = {};
  for (const [name, field] of Object.entries(shape)) {
    properties[name] = { ...fieldSchema(field), description: field.description };
  }
  const schema = { type: 'object', properties, required, additionalProperties: false };
  return { required: true, content: { 'application/json': { schema } } };
}

function fieldSchema(field: Field): JsonObject {
  switch (field.type) {
    case 'integer':
      return { type: 'integer', minimum: field.min, maximum: field.max };
    case 'list':
      return {
        type: 'array',
        minItems: field.itemsMin,
        maxItems: field.itemsMax,
        uniqueItems: true,
        items: textSchema(field),
      };
    case 'string': {
      const format = field.format === 'instant' ? 'date-time' : field.format;
      return { ...textSchema(field), ...(format === undefined || format === 'cursor' ? {} : { format }) };
    }
  }
}

function textSchema(field: { readonly charsMax: number; readonly values?: readonly string[] }): JsonObject {
  return field.values === undefined
    ? { type: 'string', minLength: 1, maxLength: field.charsMax }
    : { type: 'string', enum: [...field.values] };
}

function success(route: AdminRoute): JsonObject {
  const description = route.status === 201 ? 'Made.' : 'Done.';
  if (route.answer === 'stream') {
    const line: JsonValue = { schema: { type: 'string' } };
    return { description, content: { 'application/jsonl': line, 'text/csv': line } };
  }
  return {
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${route.answer}` } } },
  };
}

/** The codes that a route can answer with, by status. */
export function errorCodesOf(route: AdminRoute): AdminErrorCode[] {
  const codes: AdminErrorCode[] = ['unauthorized', 'insufficient_scope', 'internal', 'overloaded'];
  if (route.query !== undefined) codes.push('invalid_query');
  if (pathIdsOf(route.path).length > 0) codes.push('not_found');
  if (route.body !== undefined) {
    codes.push('invalid_json', 'unknown_field', 'body_too_large', 'unsupported_media_type', 'invalid_value');
  }
  if (route.id === 'create_project' || route.id === 'rename_project') codes.push('name_taken');
  if (route.id === 'create_token') codes.push('project_archived', 'too_many_tokens');
  if (route.id === 'create_operator_token') codes.push('too_many_tokens');
  return codes;
}

function failures(route: AdminRoute): JsonObject {
  const byStatus = new Map<number, AdminErrorCode[]>();
  for (const code of errorCodesOf(route)) {
    const { httpStatus } = ADMIN_ERRORS[code];
    byStatus.set(httpStatus, [...(byStatus.get(httpStatus) ?? []), code]);
  }
  const responses: JsonObject = {};
  for (const [status, codes] of [...byStatus].sort(([a], [b]) => a - b)) {
    responses[String(status)] = {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  return responses;
}
