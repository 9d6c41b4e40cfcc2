export { ClientGone, Exchange } from './exchange.js';
export type { ReceivedRequest, Script, SentPiece } from './exchange.js';
export { monotonicMs } from './monotonic-clock.js';
export { startScriptedProvider } from './provider.js';
export type { ScriptedProvider, ScriptedProviderOptions } from './provider.js';
export { BURST_TEXT, SCENARIOS, STEADY_TEXT } from './scenarios.js';
export type { ScenarioName } from './scenarios.js';
export { MULTI_BYTE, PROSE, TECHNICAL_ANSWER, THOUGHTS } from './texts.js';
export type { EndReason, Question, Turn } from './wire.js';
