import type { ChangePasswordRequest, RegisterRequest } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { invalidField, ProblemException } from '../common/problem/problem.exception.js';
import { AppConfig } from '../config/app-config.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { RefreshRotation, type OwnLogin } from './refresh-rotation.js';
import type { UserRecord } from './user.schema.js';
import { UsersRepository } from './users.repository.js';

/** Who changes the account, and from where: a login that stays where others end. */
export interface Caller extends OwnLogin {
  /** 24 hex digits. */
  readonly userId: string;
  /** The address of the client, to count its tries. */
  readonly address: string;
}

/** Accounts: made by anyone who may register, changed by their owner. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly rotation: RefreshRotation,
    private readonly throttle: LoginThrottle,
    private readonly config: AppConfig,
  ) {}

  /** @throws ProblemException 403 where registration is closed, 409 where the name is taken. */
  async register({ username, password, display_name }: RegisterRequest): Promise<UserRecord> {
    if (!this.config.registrationOpen) throw new ProblemException('registration-closed');
    const user = await this.users.add({
      username,
      displayName: display_name ?? username,
      passwordHash: await this.passwords.hash(password),
    });
    if (user === undefined) throw new ProblemException('username-taken');
    return user;
  }

  /** @throws ProblemException 401 where the token outlived its user. */
  async find(userId: string): Promise<UserRecord> {
    return (await this.users.findById(userId)) ?? gone();
  }

  /** @throws ProblemException 401 where the token outlived its user. */
  async rename(userId: string, displayName: string): Promise<UserRecord> {
    return (await this.users.rename(userId, displayName)) ?? gone();
  }

  /**
   * Changes the password and ends every other login of the user, with its access tokens.
   *
   * @throws ProblemException 400 where the current password is wrong, 429 after too many tries, 409
   *   where another change came first.
   */
  async changePassword(caller: Caller, request: ChangePasswordRequest): Promise<UserRecord> {
    const user = await this.assertPassword(caller, request.current_password, () =>
      invalidField('/current_password', 'This is not your current password.'),
    );
    const hash = await this.passwords.hash(request.new_password);
    // Before, so that a crash in between cannot leave a thief signed in under a new password; and
    // after, because of logins that were under way with the old one (see AuthService.login).
    await this.rotation.revokeOthers(user._id, caller);
    const changed = await this.users.replacePasswordHash(caller.userId, user.password_hash, hash);
    if (changed === null) throw new ProblemException('conflict');
    await this.rotation.revokeOthers(user._id, caller);
    return changed;
  }

  /**
   * Asks for the password of the caller again, as often as a login may be tried.
   *
   * @param refusal what is thrown for a wrong one.
   * @throws ProblemException 429 after too many tries.
   */
  async assertPassword(
    caller: Caller,
    password: string,
    refusal: () => ProblemException,
  ): Promise<UserRecord> {
    const user = await this.find(caller.userId);
    const attempt = await this.throttle.begin(user.username, caller.address);
    if (!(await this.passwords.verify(user.password_hash, password))) throw refusal();
    await attempt.succeeded();
    return user;
  }
}

/** The token is good, but nobody is behind it any more. */
function gone(): never {
  throw new ProblemException('authentication-required', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}
