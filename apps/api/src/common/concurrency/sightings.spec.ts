import { Sightings } from './sightings.js';

describe('sightings of heartbeats', () => {
  let now = 0;

  beforeEach(() => {
    now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('take for dead what stood still for the whole silence since it was first seen', () => {
    const sightings = new Sightings(10);
    expect(sightings.isSilent('a', 1)).toBe(false);
    now += 9;
    expect(sightings.isSilent('a', 1)).toBe(false);
    now += 1;
    expect(sightings.isSilent('a', 1)).toBe(true);
  });

  it('begin anew with every beat, also a lower one', () => {
    const sightings = new Sightings(10);
    sightings.isSilent('a', 5);
    now += 10;
    expect(sightings.isSilent('a', 4)).toBe(false);
    now += 9;
    expect(sightings.isSilent('a', 4)).toBe(false);
  });

  it('forget what is not there any more', () => {
    const sightings = new Sightings(10);
    sightings.isSilent('a', 1);
    sightings.keepOnly(new Set());
    now += 10;
    expect(sightings.isSilent('a', 1)).toBe(false);
  });
});
