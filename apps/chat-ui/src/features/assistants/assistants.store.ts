import type { AssistantModel } from '@chat/shared-types';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { sendRequest } from '../../app/http-client.js';

/** The models that can answer; asked for once, when they are first needed. */
export const useAssistantsStore = defineStore('assistants', () => {
  const models = shallowRef<readonly AssistantModel[]>([]);
  let loading: Promise<void> | undefined;

  /** The model that answers where nobody chose. */
  const standard = computed(() => models.value.find(({ is_default }) => is_default));

  /** Never throws: without the list there is no choice, and the server's default answers. */
  function load(): Promise<void> {
    loading ??= sendRequest<AssistantModel[]>({ method: 'GET', path: '/assistants/models' }).then(
      ({ body }) => {
        models.value = body;
      },
      () => {
        loading = undefined;
      },
    );
    return loading;
  }

  /** What people call a model; a model that is no longer offered goes by its id. */
  function nameOf(modelId: string): string {
    const known = models.value.find(({ id }) => id === modelId);
    return known?.name ?? modelId.slice(modelId.indexOf('/') + 1);
  }

  return { models, standard, load, nameOf };
});
