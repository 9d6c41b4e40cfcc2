import type {
  ChangePasswordRequest,
  DeleteAccountRequest,
  Device,
  LoginRequest,
  RefreshResponse,
  RegisterRequest,
  TokenResponse,
  UpdateMeRequest,
  User,
} from '@chat/shared-types';
import { sendRequest } from '../../app/http-client.js';

/** The calls of `/auths`. The refresh token is a cookie that no script sees. */
export const authApi = {
  async login({ username, password }: LoginRequest): Promise<TokenResponse> {
    const form = { grant_type: 'password', username, password };
    return (
      await sendRequest<TokenResponse>({
        method: 'POST',
        path: '/auths/login',
        form,
        access: 'none',
      })
    ).body;
  },

  async register(request: RegisterRequest): Promise<User> {
    return (
      await sendRequest<User>({
        method: 'POST',
        path: '/auths/register',
        json: request,
        access: 'none',
      })
    ).body;
  },

  /** Outlives the page: a rotated token whose cookie was lost would end the login. */
  async refresh(): Promise<RefreshResponse> {
    return (
      await sendRequest<RefreshResponse>({
        method: 'POST',
        path: '/auths/refresh',
        access: 'none',
        keepalive: true,
      })
    ).body;
  },

  async logout(): Promise<void> {
    await sendRequest({ method: 'POST', path: '/auths/logout', access: 'none', keepalive: true });
  },

  async me(): Promise<User> {
    return (await sendRequest<User>({ method: 'GET', path: '/auths/me' })).body;
  },

  async updateMe(request: UpdateMeRequest): Promise<User> {
    return (await sendRequest<User>({ method: 'PATCH', path: '/auths/me', json: request })).body;
  },

  /** The last used first. */
  async devices(): Promise<Device[]> {
    return (await sendRequest<Device[]>({ method: 'GET', path: '/auths/devices' })).body;
  },

  async revokeDevice(id: string): Promise<void> {
    await sendRequest({ method: 'DELETE', path: `/auths/devices/${encodeURIComponent(id)}` });
  },

  async deleteMe(request: DeleteAccountRequest): Promise<void> {
    await sendRequest({ method: 'DELETE', path: '/auths/me', json: request });
  },

  async changePassword(request: ChangePasswordRequest): Promise<void> {
    await sendRequest({ method: 'POST', path: '/auths/change-password', json: request });
  },
};
