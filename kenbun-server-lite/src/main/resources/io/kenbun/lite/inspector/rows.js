// The rows of the live view: the newest so many, and of those the ones that the filter lets
// through. What a row came from is kept as text, which is a fraction of the parsed value.

const maxRows = 20000;
const maxChars = 24_000_000;
const slack = 512; // Dropped together, so that no row pays for moving all others.

/** Fates in the order in which the page shows them. */
export const fates = ['queued', 'scored', 'suppressed', 'rejected', 'failed', 'trigger'];

export class Rows {
  constructor() {
    this.all = [];
    this.shown = [];
    this.byId = new Map();
    this.chars = 0;
    this.total = 0;
    this.filter = () => true;
    this.counts = Object.fromEntries(fates.map((fate) => [fate, 0]));
    this.types = new Map();
  }

  /** Adds a row as the newest; returns whether it is shown. */
  add(row) {
    row.number = this.total++;
    this.all.push(row);
    this.chars += row.raw.length;
    this.counts[row.fate]++;
    this.types.set(row.type, (this.types.get(row.type) ?? 0) + 1);
    if (row.id) {
      this.byId.set(row.id, row);
    }
    const passes = this.filter(row);
    if (passes) {
      this.shown.push(row);
    }
    if (this.all.length > maxRows + slack || this.chars > maxChars) {
      this.drop(Math.max(slack, this.all.length - maxRows));
    }
    return passes;
  }

  /** Says that what a row says has changed, its fate from `before`. */
  changed(row, before) {
    this.counts[before]--;
    this.counts[row.fate]++;
    const at = this.indexOf(row);
    const passes = this.filter(row);
    if (passes && at < 0) {
      this.shown.splice(-at - 1, 0, row);
    } else if (!passes && at >= 0) {
      this.shown.splice(at, 1);
    }
  }

  /** Where a row is shown; if it is not, minus where it would be, minus one. */
  indexOf(row) {
    let low = 0;
    let high = this.shown.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle].number < row.number) {
        low = middle + 1;
      } else if (this.shown[middle].number > row.number) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -low - 1;
  }

  drop(number) {
    const gone = this.all.splice(0, Math.min(number, this.all.length));
    for (const row of gone) {
      this.chars -= row.raw.length;
      this.counts[row.fate]--;
      const left = this.types.get(row.type) - 1;
      if (left) {
        this.types.set(row.type, left);
      } else {
        this.types.delete(row.type);
      }
      this.byId.delete(row.id);
    }
    const oldest = this.all[0]?.number ?? Infinity;
    let cut = 0;
    while (cut < this.shown.length && this.shown[cut].number < oldest) {
      cut++;
    }
    this.shown.splice(0, cut);
  }

  clear() {
    this.drop(this.all.length);
  }

  /** Shows those that `filter` lets through from now on. */
  refilter(filter) {
    this.filter = filter;
    this.shown = this.all.filter(filter);
  }

  /** The row that is shown at `index`, the newest first. */
  at(index) {
    return this.shown[this.shown.length - 1 - index];
  }

  get length() {
    return this.shown.length;
  }
}
