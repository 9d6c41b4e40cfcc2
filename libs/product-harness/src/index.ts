export * from './api-client.js';
export * from './browser.js';
export * from './product.js';
