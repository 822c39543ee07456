/** What the admin surface answers when it says no. */
export interface AdminErrorEntry {
  readonly httpStatus: number;
  readonly message: string;
  /** The same request can succeed later, and sending it again does no harm. */
  readonly retryable: boolean;
  /** What whoever sent it can do, for the reference page. */
  readonly hint: string;
}

export type AdminErrorCode =
  | 'invalid_json'
  | 'unknown_field'
  | 'invalid_query'
  | 'unauthorized'
  | 'insufficient_scope'
  | 'not_found'
  | 'method_not_allowed'
  | 'name_taken'
  | 'project_archived'
  | 'too_many_tokens'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'invalid_value'
  | 'internal'
  | 'overloaded';

function entry(httpStatus: number, message: string, hint: string): AdminErrorEntry {
  return { httpStatus, message, retryable: httpStatus === 503, hint };
}

/** The catalogue. Codes and statuses are what clients match; messages are for people. */
export const ADMIN_ERRORS: Readonly<Record<AdminErrorCode, AdminErrorEntry>> = {
  invalid_json: entry(
    400,
    'The body is not a JSON object in UTF-8.',
    'Send one JSON object, without duplicate members.',
  ),
  unknown_field: entry(
    400,
    'The body has members that this request does not take.',
    'Leave out the members that `violations` names.',
  ),
  invalid_query: entry(
    400,
    'The query has parameters that this request does not take, or takes in another form.',
    'Correct the parameters that `violations` names.',
  ),
  unauthorized: entry(
    401,
    'A valid admin token is required.',
    'Send `Authorization: Bearer …` with a token that is neither mistyped, expired nor revoked. An administrator can ask `POST /admin/v1/tokens/check` which of them it is.',
  ),
  insufficient_scope: entry(
    403,
    'This token may not do that.',
    'Use a token with the scope `admin`, or the token of an operator.',
  ),
  not_found: entry(
    404,
    'There is no such thing here.',
    'Check the id. What belongs to another project answers the same.',
  ),
  method_not_allowed: entry(405, 'This path takes other methods.', 'See the header `Allow`.'),
  name_taken: entry(409, 'There is a project of this name already.', 'Take another name.'),
  project_archived: entry(409, 'The project is archived.', 'An archived project gets no tokens.'),
  too_many_tokens: entry(409, 'There are too many tokens already.', 'Revoke tokens that are not needed.'),
  body_too_large: entry(413, 'The body is larger than allowed.', 'Send less than 256 KiB.'),
  unsupported_media_type: entry(
    415,
    'Content-Type must be application/json, without Content-Encoding.',
    'Send `Content-Type: application/json`.',
  ),
  invalid_value: entry(
    422,
    'Some members have a value that they cannot have.',
    'Correct the members that `violations` names.',
  ),
  internal: entry(500, 'Something went wrong inside the gateway.', 'Look for the `request_id` in its log.'),
  overloaded: entry(
    503,
    'Too many admin requests are under way, or the database does not answer.',
    'Wait and send it again.',
  ),
};
