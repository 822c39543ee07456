export {
  type AuthenticatorOptions,
  type CachingAuthenticator,
  createAuthenticator,
  type TokenLookup,
  type TokenRow,
} from './authenticator.ts';
export type {
  AuthenticationFailure,
  AuthenticationResult,
  Authenticator,
  Credential,
  Principal,
  RefusedToken,
  Scope,
} from './principal.ts';
export {
  createToken,
  hashToken,
  type ParsedToken,
  parseToken,
  type TokenEnvironment,
  tokenHint,
} from './token.ts';
