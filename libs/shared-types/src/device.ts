/** A login that lasts: one browser or program (`GET /auths/devices`). */
export interface Device {
  _id: string;
  /** What it said of itself in words for people, such as `Firefox on Linux`. */
  name: string;
  /** When it signed in. */
  created_at: string;
  /** When it last renewed its access. */
  last_used_at: string;
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface DeleteAccountRequest {
  /** Asked again, as nothing brings the account back. */
  password: string;
}
