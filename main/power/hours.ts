import type { Hours } from "@shared/models/settings";

/** Minutes since midnight of "22:30". */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return 60 * hours + minutes;
}

/** Whether the clock on the wall is between the two times, which may lie around midnight. Two equal times are the whole day. */
export function isWithin({ from, to }: Hours, now: Date): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const minute = 60 * now.getHours() + now.getMinutes();
  if (begin === end) return true;
  return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
}

/** When they begin next, on the wall: across a change of the clock it is still that hour. */
export function nextOpening({ from }: Hours, now: Date): Date {
  const minute = minutesOf(from);
  const opening = new Date(now);
  opening.setHours(Math.floor(minute / 60), minute % 60, 0, 0);
  if (opening <= now) opening.setDate(opening.getDate() + 1);
  return opening;
}
