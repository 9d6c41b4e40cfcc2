import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Whom an access token speaks for. Passport keeps it as `user` of the request. */
export interface AuthenticatedUser {
  /** 24 hex digits. */
  readonly id: string;
  /** 24 hex digits: of the login that it belongs to; tokens of earlier versions name none. */
  readonly loginId?: string;
}

/**
 * The id of the caller, 24 hex digits.
 *
 * @throws where the route is public: it has no caller, so asking for one is a programming error.
 */
export const CurrentUserId = createParamDecorator(
  (_data: undefined, context: ExecutionContext): string => callerOf(context).id,
);

/** The same with the login that the caller's access token belongs to. */
export const CurrentUser = createParamDecorator(
  (_data: undefined, context: ExecutionContext): AuthenticatedUser => callerOf(context),
);

function callerOf(context: ExecutionContext): AuthenticatedUser {
  const { user } = context.switchToHttp().getRequest<{ user?: AuthenticatedUser }>();
  if (user === undefined) throw new Error('A public route has no current user.');
  return user;
}
