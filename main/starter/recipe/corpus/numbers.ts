const small = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/** "forty-two" for 42; 0 to 199. */
export function numberWord(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 199) throw new RangeError(`no word for ${value} (0 to 199)`);
  if (value >= 100) return value === 100 ? "one hundred" : `one hundred and ${numberWord(value - 100)}`;
  if (value < 20) return small[value] as string;
  const ten = tens[Math.floor(value / 10)] as string;
  return value % 10 === 0 ? ten : `${ten}-${small[value % 10]}`;
}
