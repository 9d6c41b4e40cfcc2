import { countCharacters, LIMITS } from '@chat/shared-types';
import { reactive, ref } from 'vue';
import { ApiError, describeError } from '../../app/api-error.js';
import { useAuthStore } from './auth.store.js';

const FIELDS = ['username', 'display_name', 'password'] as const;
type Field = (typeof FIELDS)[number];

/** What is wrong with a username before the API is asked, or undefined. */
export function checkUsername(username: string): string | undefined {
  const { min, max, pattern } = LIMITS.username;
  if (username.length < min) return `Use at least ${min} characters.`;
  if (username.length > max) return `Use at most ${max} characters.`;
  if (!pattern.test(username)) return 'Use letters, digits, and . _ - between them.';
  return undefined;
}

/** What is wrong with a new password before the API is asked, or undefined. */
export function checkPassword(password: string): string | undefined {
  const { min, max } = LIMITS.password;
  const characters = countCharacters(password);
  if (characters < min) return `Use at least ${min} characters.`;
  if (characters > max) return `Use at most ${max} characters.`;
  return undefined;
}

/** The form that makes an account and signs in. Parameters as of `useLoginForm`. */
export function useRegisterForm(focus: (field: Field) => void, onSuccess: () => void) {
  const auth = useAuthStore();
  const values = reactive({ username: '', display_name: '', password: '' });
  const errors = reactive<Partial<Record<Field, string>>>({});
  const failure = ref('');
  const busy = ref(false);

  function focusFirstBad(): boolean {
    const bad = FIELDS.find((field) => errors[field] !== undefined);
    if (!bad) return false;
    failure.value = 'Some entries need another look.';
    focus(bad);
    return true;
  }

  function takeAnswer(error: unknown): void {
    failure.value = describeError(error);
    if (!(error instanceof ApiError)) return;
    for (const field of FIELDS) errors[field] = error.field(field);
    if (error.code === 'username-taken') errors.username = 'This username is taken.';
    focusFirstBad();
  }

  async function submit(): Promise<void> {
    if (busy.value) return;
    failure.value = '';
    errors.username = checkUsername(values.username.trim());
    errors.password = checkPassword(values.password);
    errors.display_name = undefined;
    if (focusFirstBad()) return;
    busy.value = true;
    try {
      const displayName = values.display_name.trim();
      await auth.register({
        username: values.username.trim(),
        password: values.password,
        ...(displayName === '' ? {} : { display_name: displayName }),
      });
      onSuccess();
    } catch (error) {
      takeAnswer(error);
    } finally {
      busy.value = false;
    }
  }

  return { values, errors, failure, busy, submit };
}
