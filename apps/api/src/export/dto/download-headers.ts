/** Documents the header that names a download, for the `headers` of its response. */
export const DOWNLOAD_HEADERS = {
  'Content-Disposition': {
    description:
      '`attachment` with the file name: `filename` in ASCII (RFC 6266) and `filename*` in UTF-8 (RFC 8187).',
    schema: { type: 'string' as const },
  },
};
