/**
 * To be imported before anything else: how far the heap may grow between two full collections.
 *
 * By default V8 lets it become up to four times what lives in it (`MemoryController::GrowingFactor`),
 * so that an export of a gigabyte, which leaves nothing behind, would take 100 MB more than it needs.
 * Half as much again costs no more than a collection every few seconds of such work. The first
 * collections come while modules are loaded, and set how long the next one takes to come.
 */
import { setFlagsFromString } from 'node:v8';

const GROWING_PERCENT = 50;

setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
