/** The door of this feature: nothing else in it is imported from outside. */
export {
  abandonTransferQuestion,
  askingToTransfer,
  askToTransfer,
  leaveTransfers,
  transferQuestion,
} from './use-transfer-question.js';
export const TransferDialogs = () => import('./TransferDialogs.vue');
