import type { User } from '@chat/shared-types';
import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountsService, type Caller } from './accounts.service.js';
import { CurrentUser, CurrentUserId, type AuthenticatedUser } from './current-user.decorator.js';
import {
  ChangePasswordDto,
  DeleteAccountDto,
  RegisterDto,
  UpdateMeDto,
} from './dto/account.dto.js';
import { toUser, UserDto } from './dto/user.dto.js';
import { Public } from './public.decorator.js';
import { clearRefreshCookie, readRefreshCookie } from './refresh-cookie.js';

/** The caller's own account. */
@ApiTags('auth')
@Controller('auths')
export class AccountController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly deletion: AccountDeletion,
  ) {}

  @Public()
  @Post('register')
  @ApiOperation({
    operationId: 'register',
    summary: 'Create an account',
    description: 'Does not sign in.',
    security: [],
  })
  @ApiCreatedResponse({ type: UserDto, description: 'The new user.' })
  @ApiProblem(400, 403, 409, 413, 415, 500, 503)
  async register(@Body() request: RegisterDto): Promise<User> {
    return toUser(await this.accounts.register(request));
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOperation({ operationId: 'getMe', summary: 'Read the own account' })
  @ApiOkResponse({ type: UserDto, description: 'The caller.' })
  @ApiProblem(401, 500, 503)
  async me(@CurrentUserId() userId: string): Promise<User> {
    return toUser(await this.accounts.find(userId));
  }

  @Patch('me')
  @ApiBearerAuth()
  @ApiOperation({ operationId: 'updateMe', summary: 'Change the name that is shown' })
  @ApiOkResponse({ type: UserDto, description: 'The caller, changed.' })
  @ApiProblem(400, 401, 413, 415, 500, 503)
  async updateMe(@CurrentUserId() userId: string, @Body() request: UpdateMeDto): Promise<User> {
    return toUser(await this.accounts.rename(userId, request.display_name));
  }

  @Post('change-password')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Change the password',
    description:
      'Ends every other login of the caller; that of the access token and that of the cookie stay.',
  })
  @ApiOkResponse({ type: UserDto, description: 'The caller.' })
  @ApiProblem(400, 401, 409, 413, 415, 429, 500, 503)
  async changePassword(
    @CurrentUser() user: AuthenticatedUser,
    @Body() request: ChangePasswordDto,
    @Req() http: FastifyRequest,
  ): Promise<User> {
    return toUser(await this.accounts.changePassword(callerOf(user, http), request));
  }

  @Delete('me')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({
    operationId: 'deleteMe',
    summary: 'Delete the account and everything in it, for good',
    description:
      'Every login ends at once. Download what is to be kept before: nothing brings it back.',
  })
  @ApiNoContentResponse({ description: 'The account is gone; its data follows.' })
  @ApiProblem(400, 401, 409, 413, 415, 429, 500, 503)
  async deleteMe(
    @CurrentUser() user: AuthenticatedUser,
    @Body() request: DeleteAccountDto,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.deletion.delete(callerOf(user, http), request);
    clearRefreshCookie(http, reply);
  }
}

function callerOf({ id, loginId }: AuthenticatedUser, http: FastifyRequest): Caller {
  return { userId: id, loginId, refreshToken: readRefreshCookie(http), address: http.ip };
}
