import type { Device } from '@chat/shared-types';
import { ref, shallowRef } from 'vue';
import { describeError, isNotFound } from '../../app/api-error.js';
import { announce } from '../../composables/use-announcer.js';
import { showToast } from '../../composables/use-toasts.js';
import { authApi } from './auth.api.js';

/** Where this person is signed in, and the way to end that. */
export function useDevices() {
  const devices = shallowRef<readonly Device[]>([]);
  const status = ref<'loading' | 'ready' | 'failed'>('loading');
  const failure = ref('');
  /** The one that is being signed out. */
  const ending = ref<string>();

  async function load(): Promise<void> {
    status.value = 'loading';
    try {
      devices.value = await authApi.devices();
      status.value = 'ready';
    } catch (error) {
      failure.value = describeError(error);
      status.value = 'failed';
    }
  }

  async function signOut(device: Device): Promise<void> {
    if (ending.value !== undefined) return;
    ending.value = device._id;
    try {
      await authApi.revokeDevice(device._id).catch((error: unknown) => {
        // It has ended by itself.
        if (!isNotFound(error)) throw error;
      });
      devices.value = devices.value.filter(({ _id }) => _id !== device._id);
      announce(`${device.name} is signed out.`);
    } catch (error) {
      showToast({
        text: `${device.name} was not signed out. ${describeError(error)}`,
        tone: 'danger',
      });
    } finally {
      ending.value = undefined;
    }
  }

  return { devices, status, failure, ending, load, signOut };
}
