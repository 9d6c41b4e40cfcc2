import type { ChangePasswordRequest, RegisterRequest, User } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { tellTabs } from '../../app/tab-channel.js';
import { clearStored, openStorage } from '../../app/user-storage.js';
import { dropToken, findOutUser, holdToken, provideAccessToken } from './access-token.js';
import { authApi } from './auth.api.js';

/**
 * `unknown` until the first answer; `unreachable` when none came. `ended` is why nobody is signed
 * in: the login expired, rather than the person leaving.
 */
export type AuthStatus = 'unknown' | 'unreachable' | 'signed-in' | 'signed-out';

/**
 * Says that this browser was signed in, so that a first visit asks nothing. Not a secret and no
 * proof: the cookie alone is.
 */
const SIGNED_IN_HINT = 'chat.signed-in';

function readHint(): boolean {
  try {
    return localStorage.getItem(SIGNED_IN_HINT) !== null;
  } catch {
    // Storage is blocked: ask the server.
    return true;
  }
}

function writeHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(SIGNED_IN_HINT, '1');
    else localStorage.removeItem(SIGNED_IN_HINT);
  } catch {
    /* The next visit asks the server. */
  }
}

export const useAuthStore = defineStore('auth', () => {
  const user = shallowRef<User | null>(null);
  const status = ref<AuthStatus>('unknown');
  const ended = ref(false);
  let restoring: Promise<void> | undefined;

  provideAccessToken(() => {
    ended.value = true;
    forget();
  });

  function forget(): void {
    dropToken();
    writeHint(false);
    user.value = null;
    status.value = 'signed-out';
  }

  function enter(me: User): void {
    openStorage(me._id);
    user.value = me;
    ended.value = false;
    status.value = 'signed-in';
    writeHint(true);
  }

  /** Finds out who is signed in, from the cookie. Never throws. Calls under way are shared. */
  function restore(): Promise<void> {
    restoring ??= askServer().finally(() => {
      restoring = undefined;
    });
    return restoring;
  }

  async function askServer(): Promise<void> {
    if (!readHint()) {
      status.value = 'signed-out';
      return;
    }
    try {
      const me = await findOutUser();
      if (me) {
        enter(me);
      } else {
        ended.value = true;
        forget();
      }
    } catch {
      status.value = 'unreachable';
    }
  }

  /** @throws {ApiError} 401 on a wrong pair, 429 after too many tries. */
  async function login(username: string, password: string): Promise<void> {
    holdToken(await authApi.login({ username, password }));
    const me = await authApi.me();
    enter(me);
    tellTabs({ kind: 'signed-in', userId: me._id });
  }

  /** Registers and signs in. @throws {ApiError} 409 where the name is taken, 403 where closed. */
  async function register(request: RegisterRequest): Promise<void> {
    await authApi.register(request);
    await login(request.username, request.password);
  }

  /**
   * Leaves: here, in the other tabs, and on the server.
   *
   * @returns false where the server could not be told; the page has forgotten the login anyway.
   */
  async function logout(): Promise<boolean> {
    const told = await authApi.logout().then(
      () => true,
      () => false,
    );
    const leaving = user.value?._id;
    ended.value = false;
    forget();
    if (leaving !== undefined) clearStored(leaving);
    tellTabs({ kind: 'signed-out' });
    return told;
  }

  /** Another tab has left; it has told the server and cleared the storage already. */
  function followLogout(): void {
    if (status.value !== 'signed-in') return;
    const leaving = user.value?._id;
    ended.value = false;
    forget();
    if (leaving !== undefined) clearStored(leaving);
  }

  async function rename(displayName: string): Promise<void> {
    user.value = await authApi.updateMe({ display_name: displayName });
  }

  async function changePassword(request: ChangePasswordRequest): Promise<void> {
    await authApi.changePassword(request);
  }

  /**
   * Deletes the account with everything in it, and leaves.
   *
   * @throws {ApiError} 400 where the password is wrong, 429 after too many tries.
   */
  async function deleteAccount(password: string): Promise<void> {
    await authApi.deleteMe({ password });
    followLogout();
    tellTabs({ kind: 'signed-out' });
  }

  return {
    user,
    status,
    ended,
    restore,
    login,
    register,
    logout,
    followLogout,
    rename,
    changePassword,
    deleteAccount,
  };
});
