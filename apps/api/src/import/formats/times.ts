import type { Remarks } from './remarks.js';

/** A number beyond this is in milliseconds: in seconds, it would be in the year 5138. */
const MOST_SECONDS = 1e11;

/**
 * Reads times of a file. What lies in the future becomes the time of the import, so that nothing
 * stays on top of every list for years; a clock that is a little fast is not worth a word.
 */
export class Times {
  constructor(
    /** When the import began. */
    readonly now: Date,
    private readonly remarks: Remarks,
  ) {}

  /**
   * @param value seconds since 1970, as ChatGPT writes them, or ISO 8601.
   * @returns undefined where there is none, or none that can be read.
   */
  read(value: unknown): Date | undefined {
    if (value === null || value === undefined || value === '') return undefined;
    const time = parse(value);
    if (time === undefined) {
      this.remarks.add('badTimes');
      return undefined;
    }
    if (time <= this.now) return time;
    this.remarks.add('future');
    return this.now;
  }
}

function parse(value: unknown): Date | undefined {
  if (typeof value === 'number') {
    return valid(new Date(value > MOST_SECONDS ? value : value * 1000));
  }
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  // Python writes microseconds, and no zone where it means UTC.
  const iso = value.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1');
  return valid(new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`));
}

/** Before 1970, nobody chatted. */
function valid(time: Date): Date | undefined {
  return time.getTime() >= 0 ? time : undefined;
}
