import type { Folder } from '@chat/shared-types';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Types } from 'mongoose';
import { CurrentUserId } from '../auth/current-user.decorator.js';
import { ObjectIdPipe } from '../common/http/object-id.pipe.js';
import { ApiId } from '../common/openapi/api-id.decorator.js';
import { ApiProblem } from '../common/openapi/api-problem.decorator.js';
import { LINK_HEADER } from '../common/openapi/link-header.js';
import { decodeCursor } from '../common/paging/cursor.js';
import { PageQueryDto } from '../common/paging/page-query.dto.js';
import { linkNextPage } from '../common/paging/page.js';
import { CreateFolderDto } from './dto/create-folder.dto.js';
import { FolderDto } from './dto/folder.dto.js';
import { UpdateFolderDto } from './dto/update-folder.dto.js';
import { FoldersService } from './folders.service.js';

const LIST = 'folders';

@ApiTags('Folders')
@ApiBearerAuth()
@ApiProblem(400, 401, 500, 503)
@Controller('chat/folders')
export class FoldersController {
  constructor(private readonly folders: FoldersService) {}

  @Post()
  @ApiOperation({ operationId: 'createFolder', summary: 'Create a folder, the last of its parent' })
  @ApiCreatedResponse({ type: FolderDto })
  @ApiProblem(404, 409, 413, 415)
  create(
    @CurrentUserId() userId: string,
    @Body() { parent_id, ...settings }: CreateFolderDto,
  ): Promise<Folder> {
    return this.folders.create(new Types.ObjectId(userId), {
      ...settings,
      parentId: toParentId(parent_id),
    });
  }

  @Get()
  @ApiOperation({
    operationId: 'listFolders',
    summary: "List all of the caller's folders, in the order in which they were made",
  })
  @ApiOkResponse({ type: [FolderDto], headers: LINK_HEADER })
  async list(
    @CurrentUserId() userId: string,
    @Query() { limit, cursor }: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Folder[]> {
    const after = cursor === undefined ? undefined : decodeCursor(LIST, cursor);
    const { rows, next } = await this.folders.list(new Types.ObjectId(userId), { limit, after });
    linkNextPage(request, reply, LIST, next);
    return rows;
  }

  @Put(':id')
  @ApiOperation({
    operationId: 'updateFolder',
    summary: 'Rename, recolour or move a folder; its old and new siblings close up',
  })
  @ApiId('id', 'folder')
  @ApiOkResponse({ type: FolderDto })
  @ApiProblem(404, 409, 413, 415)
  update(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
    @Body() { parent_id, ...changes }: UpdateFolderDto,
  ): Promise<Folder> {
    return this.folders.update(new Types.ObjectId(userId), id, {
      ...changes,
      parentId: toParentId(parent_id),
    });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteFolder',
    summary: 'Delete a folder and move its folders and sessions to its parent',
  })
  @ApiId('id', 'folder')
  @ApiNoContentResponse()
  @ApiProblem(404, 409)
  delete(
    @CurrentUserId() userId: string,
    @Param('id', ObjectIdPipe) id: Types.ObjectId,
  ): Promise<void> {
    return this.folders.delete(new Types.ObjectId(userId), id);
  }
}

function toParentId(id: string | null | undefined): Types.ObjectId | null | undefined {
  return typeof id === 'string' ? new Types.ObjectId(id) : id;
}
