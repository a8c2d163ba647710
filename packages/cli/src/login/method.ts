/** A client that was registered by hand, for the one issuer that will be met first. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret?: string;
}

/** How to get a token. */
export type LoginMethod =
  /** The user approves in the browser. */
  | {
      readonly kind: "browser";
      readonly client?: RegisteredClient;
      readonly metadataUrl?: string;
      /** Opens the login page. Default: the system's browser. */
      readonly open?: (url: URL) => void;
    }
  /** The authorization server approves by itself; its redirects are followed without a browser. */
  | { readonly kind: "auto"; readonly client?: RegisteredClient; readonly metadataUrl?: string }
  /** The client acts for itself (client_credentials). */
  | { readonly kind: "machine"; readonly client: RegisteredClient; readonly key?: PrivateClientKey }
  /** A token from elsewhere; it is sent to the examined server and nowhere else. */
  | { readonly kind: "token"; readonly token: string };

/** A private key for `private_key_jwt` (RFC 7523). */
export interface PrivateClientKey {
  /** PKCS #8, PEM. */
  readonly pem: string;
  /** JWS algorithm, such as ES256. */
  readonly algorithm: string;
}
