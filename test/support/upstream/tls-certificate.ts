/**
 * A self-signed certificate for `mcp.example.org` alone, valid until 2126.
 * Made for tests and published with them: it protects nothing.
 */
export const TEST_CERTIFICATE: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYo8wNejGNqXMjDTa
2/OrdHO/BvxGW/zzKD9hF2jSfj+hRANCAASycN1t052LL526b31C7g+O897LNvTH
s9YCzLiS8f4rLfLyrOkMkSQwjyoIoIyBJ/HEUliBcXeLt3K5JorLSLCF
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBpzCCAU2gAwIBAgIUP+B4L7SRXrkyJkni5OF+iHJS0gMwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPbWNwLmV4YW1wbGUub3JnMCAXDTI2MTEyMzAxNTIxOVoYDzIx
MjYxMDMwMDE1MjE5WjAaMRgwFgYDVQQDDA9tY3AuZXhhbXBsZS5vcmcwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASycN1t052LL526b31C7g+O897LNvTHs9YCzLiS
8f4rLfLyrOkMkSQwjyoIoIyBJ/HEUliBcXeLt3K5JorLSLCFo28wbTAdBgNVHQ4E
FgQU8RhK619CZm+xWqcQDpb7tJIrJUEwHwYDVR0jBBgwFoAU8RhK619CZm+xWqcQ
Dpb7tJIrJUEwGgYDVR0RBBMwEYIPbWNwLmV4YW1wbGUub3JnMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgUA9F3HB+Eml1AYiE+3WivPzyAtAp4dZF
GWkyx4zPeusCIQDQxjVkiGid+DGcFpNb0YckaxDgkqoxp3kstU20CpUmUg==
-----END CERTIFICATE-----
`,
};
