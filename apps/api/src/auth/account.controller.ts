import type { User } from '@chat/shared-types';
import { Body, Controller, Get, HttpCode, Patch, Post, Req } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { AccountsService } from './accounts.service.js';
import { CurrentUserId } from './current-user.decorator.js';
import { ChangePasswordDto, RegisterDto, UpdateMeDto } from './dto/account.dto.js';
import { toUser, UserDto } from './dto/user.dto.js';
import { Public } from './public.decorator.js';
import { readRefreshCookie } from './refresh-cookie.js';

/** The caller's own account. */
@ApiTags('auth')
@Controller('auths')
export class AccountController {
  constructor(private readonly accounts: AccountsService) {}

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
    description: 'Ends every other login of the caller; the one whose cookie is sent along stays.',
  })
  @ApiOkResponse({ type: UserDto, description: 'The caller.' })
  @ApiProblem(400, 401, 409, 413, 415, 429, 500, 503)
  async changePassword(
    @CurrentUserId() userId: string,
    @Body() request: ChangePasswordDto,
    @Req() http: FastifyRequest,
  ): Promise<User> {
    const caller = { userId, refreshToken: readRefreshCookie(http), address: http.ip };
    return toUser(await this.accounts.changePassword(caller, request));
  }
}
