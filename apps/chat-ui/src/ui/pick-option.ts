/** One line of a `PickList`. */
export interface PickOption {
  key: string;
  label: string;
  /** Smaller, under the label; also found by what is typed. */
  detail?: string;
  /** Shown, and not to be picked. */
  disabled?: boolean;
}
