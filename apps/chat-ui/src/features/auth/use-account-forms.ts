import { hasLength, LIMITS } from '@chat/shared-types';
import { reactive, ref } from 'vue';
import { ApiError, describeError } from '../../app/api-error.js';
import { showToast } from '../../composables/use-toasts.js';
import { useAuthStore } from './auth.store.js';
import { checkPassword } from './use-register-form.js';

/** What people are called on the page. */
export function useDisplayNameForm() {
  const auth = useAuthStore();
  const displayName = ref(auth.user?.display_name ?? '');
  const error = ref<string>();
  const busy = ref(false);

  async function submit(): Promise<void> {
    const wanted = displayName.value.trim();
    const { min, max } = LIMITS.displayName;
    const fits = hasLength(wanted, { min, max });
    error.value = fits ? undefined : `Use ${min} to ${max} characters.`;
    if (!fits || busy.value) return;
    busy.value = true;
    try {
      await auth.rename(wanted);
      showToast({ text: 'Display name saved.' });
    } catch (failure) {
      error.value = describeError(failure);
    } finally {
      busy.value = false;
    }
  }

  return { displayName, error, busy, submit };
}

/** The end of the account; `busy` stays on once it is gone, for the page goes too. */
export function useDeletionForm() {
  const auth = useAuthStore();
  const password = ref('');
  const error = ref<string>();
  const busy = ref(false);

  async function submit(): Promise<void> {
    error.value = password.value === '' ? 'Enter your password.' : undefined;
    if (error.value !== undefined || busy.value) return;
    busy.value = true;
    try {
      await auth.deleteAccount(password.value);
      showToast({ text: 'Your account and all its data are deleted.' });
    } catch (failure) {
      const field = failure instanceof ApiError ? failure.field('password') : undefined;
      error.value = field ?? describeError(failure);
      busy.value = false;
    }
  }

  return { password, error, busy, submit };
}

/** A new password; the other devices are signed out by the API. */
export function usePasswordForm() {
  const auth = useAuthStore();
  const values = reactive({ current: '', next: '' });
  const errors = reactive<{ current?: string; next?: string }>({});
  const busy = ref(false);

  function takeAnswer(failure: unknown): void {
    const answer = failure instanceof ApiError ? failure : undefined;
    errors.next = answer?.field('new_password');
    errors.current = answer?.field('current_password');
    if (!errors.next && !errors.current) errors.current = describeError(failure);
  }

  async function submit(): Promise<void> {
    errors.current = values.current === '' ? 'Enter your current password.' : undefined;
    errors.next = checkPassword(values.next);
    if (errors.current || errors.next || busy.value) return;
    busy.value = true;
    try {
      await auth.changePassword({ current_password: values.current, new_password: values.next });
      Object.assign(values, { current: '', next: '' });
      showToast({ text: 'Password changed. Other devices are signed out.' });
    } catch (failure) {
      takeAnswer(failure);
    } finally {
      busy.value = false;
    }
  }

  return { values, errors, busy, submit };
}
