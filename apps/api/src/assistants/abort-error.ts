/** What iterating an answer ends with once its signal was used. */
export function abortError(): Error {
  const error = new Error('The reply was ended.');
  error.name = 'AbortError';
  return error;
}
