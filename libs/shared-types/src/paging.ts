export const SORT_ORDERS = ['asc', 'desc'] as const;

export type SortOrder = (typeof SORT_ORDERS)[number];

/** The query of every list. Without `limit` the list is whole. */
export interface PageQuery {
  /** 1 to 100. */
  limit?: number;
  /** Opaque; from the `Link` header of the page before. */
  cursor?: string;
}
