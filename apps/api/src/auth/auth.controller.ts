import type { RefreshResponse, TokenResponse } from '@chat/shared-types';
import { Body, Controller, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiConsumes,
  ApiCookieAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import { AuthService, type SignedIn } from './auth.service.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshResponseDto, TokenResponseDto } from './dto/token-response.dto.js';
import { Public } from './public.decorator.js';
import {
  clearRefreshCookie,
  readRefreshCookie,
  REFRESH_COOKIE,
  setRefreshCookie,
} from './refresh-cookie.js';
import { SameOriginGuard } from './same-origin.guard.js';

/** What hands out tokens; they must not be kept by a cache (RFC 6749, section 5.1). */
const NoStore = () => Header('Cache-Control', 'no-store');

/** Signing in, staying signed in, signing out. */
@ApiTags('auth')
@Public()
@UseGuards(SameOriginGuard)
@Controller('auths')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('login')
  @HttpCode(200)
  @NoStore()
  @ApiOperation({
    operationId: 'login',
    summary: 'Sign in with username and password',
    description:
      'The password form of OAuth 2. The refresh token is set in a cookie that only `/auths` gets.',
    security: [],
  })
  @ApiConsumes('application/x-www-form-urlencoded', 'application/json')
  @ApiOkResponse({ type: TokenResponseDto, description: 'Signed in.' })
  @ApiProblem(400, 401, 403, 413, 415, 429, 500, 503)
  async login(
    @Body() request: LoginDto,
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const client = { address: http.ip, userAgent: http.headers['user-agent'] };
    return handOut(await this.auth.login(request, client), http, reply);
  }

  @Post('refresh')
  @HttpCode(200)
  @NoStore()
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Get a new access token',
    description:
      'Exchanges the refresh token of the cookie for a new one. A token that is sent a second time ends its login.',
  })
  @ApiCookieAuth(REFRESH_COOKIE)
  @ApiOkResponse({ type: RefreshResponseDto, description: 'Still signed in.' })
  @ApiProblem(400, 401, 403, 413, 415, 500, 503)
  async refresh(
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefreshResponse> {
    try {
      const token = readRefreshCookie(http);
      return handOut(await this.auth.refresh(token, http.headers['user-agent']), http, reply);
    } catch (error) {
      if (error instanceof ProblemException && error.code === 'session-expired') {
        clearRefreshCookie(http, reply);
      }
      throw error;
    }
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'logout',
    summary: 'Sign out',
    description:
      'Ends the login of the cookie, if there is one, and within a few seconds its access tokens.',
  })
  @ApiCookieAuth(REFRESH_COOKIE)
  @ApiNoContentResponse({ description: 'Signed out, whether signed in before or not.' })
  @ApiProblem(400, 403, 413, 415, 500, 503)
  async logout(
    @Req() http: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.auth.logout(readRefreshCookie(http));
    clearRefreshCookie(http, reply);
  }
}

/** One token into the cookie, the other into the body. */
function handOut<Body extends TokenResponse>(
  { body, refresh }: SignedIn<Body>,
  http: FastifyRequest,
  reply: FastifyReply,
): Body {
  setRefreshCookie(http, reply, refresh.token, refresh.lifetimeSeconds);
  return body;
}
