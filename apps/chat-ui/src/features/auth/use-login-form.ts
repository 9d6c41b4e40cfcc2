import { nextTick, reactive, ref } from 'vue';
import { describeError } from '../../app/api-error.js';
import { useAuthStore } from './auth.store.js';

/** A field of a form, as far as the form's logic needs it. */
export interface FocusableField {
  focus: () => void;
}

type Field = 'username' | 'password';

/**
 * The form that signs in.
 *
 * @param focus puts the focus on a field that needs another look.
 * @param onSuccess called once signed in.
 */
export function useLoginForm(focus: (field: Field) => void, onSuccess: () => void) {
  const auth = useAuthStore();
  const values = reactive({ username: '', password: '' });
  const errors = reactive<Partial<Record<Field, string>>>({});
  const failure = ref('');
  const busy = ref(false);

  function check(): Field | undefined {
    errors.username = values.username.trim() === '' ? 'Enter your username.' : undefined;
    errors.password = values.password === '' ? 'Enter your password.' : undefined;
    if (errors.username) return 'username';
    return errors.password ? 'password' : undefined;
  }

  async function submit(): Promise<void> {
    if (busy.value) return;
    failure.value = '';
    const missing = check();
    if (missing) {
      failure.value = errors[missing] ?? '';
      focus(missing);
      return;
    }
    busy.value = true;
    try {
      await auth.login(values.username.trim(), values.password);
      onSuccess();
    } catch (error) {
      failure.value = describeError(error);
      values.password = '';
      await nextTick();
      focus('password');
    } finally {
      busy.value = false;
    }
  }

  return { values, errors, failure, busy, submit };
}
