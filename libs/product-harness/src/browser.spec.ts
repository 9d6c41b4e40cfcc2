import { findBrowser } from './browser.js';

describe('the browser that is found', () => {
  it('is CHROME_PATH before any other', () => {
    expect(findBrowser({ CHROME_PATH: process.execPath }, ['/bin/sh'])).toBe(process.execPath);
  });

  it('is never silently another one than CHROME_PATH says', () => {
    expect(() => findBrowser({ CHROME_PATH: '/no/such/browser' }, ['/bin/sh'])).toThrow(
      /CHROME_PATH is "\/no\/such\/browser"/,
    );
  });

  it('is the first of the system that can be run', () => {
    expect(findBrowser({}, ['/no/such/browser', process.execPath])).toBe(process.execPath);
  });

  it('is left to Playwright where the system has none', () => {
    expect(findBrowser({}, ['/no/such/browser'])).toBeUndefined();
  });
});
