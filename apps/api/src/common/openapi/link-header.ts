/** Documents the `Link` header of a list, for the `headers` of its response. */
export const LINK_HEADER = {
  Link: {
    description: 'The next page, where one follows: `<…>; rel="next"` (RFC 8288).',
    schema: { type: 'string' as const },
  },
};
