import { decodeDocument } from '../bson/decode.js';
import { entryKey } from '../store/key-range.js';
import type { Store } from '../store/store.js';
import type { Catalog } from './catalog.js';
import { keysOf } from './index-keys.js';

/**
 * Puts into the index what a process that was killed had still to put in. As one group: where this
 * process is killed as well, the next one begins anew.
 */
export function indexLeftBehind(store: Store, catalog: Catalog): void {
  const rids = store.recordsLeftBehind();
  if (rids.length === 0) return;
  for (const rid of rids) {
    const bson = store.newest.get(rid);
    if (!bson) continue;
    const document = decodeDocument(bson);
    for (const index of catalog.ofRecord(rid)?.indexes ?? []) {
      const keys = keysOf(index, document).keys.map((key) => entryKey(key, rid));
      store.addEntries(keys, rid);
    }
  }
  store.forgetLeftBehind();
}
