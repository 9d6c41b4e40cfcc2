import type { Device } from '@chat/shared-types';
import { Injectable } from '@nestjs/common';
import { Types } from 'mongoose';
import { mapPage, type Page, type PageRequest } from '../common/paging/page.js';
import { notFound } from '../common/problem/problem.exception.js';
import { deviceName } from './device-name.js';
import { RefreshRotation, type OwnLogin } from './refresh-rotation.js';

/** The logins of a user that last, each on one device. */
@Injectable()
export class DevicesService {
  constructor(private readonly rotation: RefreshRotation) {}

  /** The last used first. */
  async list(userId: Types.ObjectId, own: OwnLogin, request: PageRequest): Promise<Page<Device>> {
    const page = await this.rotation.logins(userId, request);
    const current = await this.rotation.familiesOf(userId, own);
    return mapPage(page, ({ family_id, device_name, created_at }) => ({
      _id: family_id.toHexString(),
      name: device_name ?? deviceName(undefined),
      // A family is named when its first token is made; its id holds the time.
      created_at: family_id.getTimestamp().toISOString(),
      last_used_at: created_at.toISOString(),
      current: current.has(family_id.toHexString()),
    }));
  }

  /** Ends a login, and its access tokens. @throws a 404 where the user has none such. */
  async revoke(userId: Types.ObjectId, id: Types.ObjectId): Promise<void> {
    if (!(await this.rotation.revokeLogin(userId, id))) throw notFound();
  }
}
