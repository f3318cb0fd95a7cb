/** Which bytes of a file were sent, as sorted ranges [from, to) that do not touch. Bytes sent twice count once. */
export class Coverage {
  #ranges: [number, number][] = [];

  add(from: number, to: number): void {
    if (to <= from) return;
    let start = from;
    let end = to;
    const apart: [number, number][] = [];
    for (const range of this.#ranges) {
      if (range[1] < start || range[0] > end) apart.push(range);
      else {
        start = Math.min(start, range[0]);
        end = Math.max(end, range[1]);
      }
    }
    this.#ranges = [...apart, [start, end] as [number, number]].sort((left, right) => left[0] - right[0]);
  }

  get bytes(): number {
    return this.#ranges.reduce((sum, [from, to]) => sum + to - from, 0);
  }
}
