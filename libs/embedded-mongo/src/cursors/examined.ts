/** What a plan cost, for explain: index entries and documents that were looked at. */
export interface Examined {
  keys: number;
  docs: number;
}
