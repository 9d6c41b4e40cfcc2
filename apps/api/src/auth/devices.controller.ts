import type { Device } from '@chat/shared-types';
import { Controller, Delete, Get, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { decodeCursor } from '../common/paging/cursor.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextPage } from '../common/paging/page.js';
import { CurrentUser, CurrentUserId, type AuthenticatedUser } from './current-user.decorator.js';
import { DevicesService } from './devices.service.js';
import { DeviceDto } from './dto/device.dto.js';
import { readRefreshCookie } from './refresh-cookie.js';

const LIST = 'devices';

/** Where the caller is signed in. */
@ApiTags('auth')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('auths/devices')
export class DevicesController {
  constructor(private readonly devices: DevicesService) {}

  @Get()
  @ApiOperation({
    operationId: 'listDevices',
    summary: 'List where the caller is signed in, the last used first',
  })
  @ApiOkResponse({ type: [DeviceDto], headers: LINK_HEADER })
  async list(
    @CurrentUser() { id, loginId }: AuthenticatedUser,
    @Query() { limit, cursor }: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Device[]> {
    const own = { loginId, refreshToken: readRefreshCookie(request) };
    const after = cursor === undefined ? undefined : decodeCursor(LIST, cursor);
    const page = await this.devices.list(new Types.ObjectId(id), own, { limit, after });
    linkNextPage(request, reply, LIST, page.next);
    return page.rows;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeDevice',
    summary: 'Sign one of the devices out',
    description: 'Its access tokens end within a few seconds too. It may be the own one.',
  })
  @ApiId('id', 'device')
  @ApiNoContentResponse()
  @ApiProblem(404)
  revoke(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<void> {
    return this.devices.revoke(new Types.ObjectId(userId), id);
  }
}
