/** A user as the API answers it: never a hash. */
export interface User {
  _id: string;
  username: string;
  display_name: string;
  created_at: string;
  updated_at: string;
}

/** The answer of a login (RFC 6749, section 5.1). */
export interface TokenResponse {
  access_token: string;
  token_type: 'bearer';
  /** Seconds until `access_token` expires. */
  expires_in: number;
}

/** The answer of a refresh: the token, and whose it is, so that a page that reloads asks once. */
export interface RefreshResponse extends TokenResponse {
  user: User;
}

export interface LoginRequest {
  username: string;
  password: string;
  /** The only grant there is; OAuth 2 clients send it. */
  grant_type?: 'password';
  /** Sent by some OAuth 2 clients; it grants nothing. */
  scope?: string;
}

export interface RegisterRequest {
  username: string;
  password: string;
  /** The username when absent. */
  display_name?: string;
}

export interface UpdateMeRequest {
  display_name: string;
}

export interface ChangePasswordRequest {
  current_password: string;
  new_password: string;
}
