/** Flags of `breakwater serve`. */
export interface ServeFlags {
  readonly config?: string;
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly json?: boolean;
  readonly newAdminToken?: boolean;
}

/** Flags of `breakwater stdio`. */
export interface StdioFlags {
  readonly config?: string;
  readonly data: string;
}
