const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** 1234567 → "1,234,567" */
export function count(value: number): string {
  return whole.format(value);
}

/** "1 row", "1,200 rows" */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Three significant digits with a decimal unit: 4_213_112 → "4.21 MB". */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let scaled = Math.abs(value);
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? scaled : threeDigits(scaled)} ${units[unit]}`;
}

/** 6_800_000 → "6.8 M" */
export function short(value: number): string {
  const units = ["", " k", " M", " G", " T"];
  let unit = 0;
  let scaled = value;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return unit === 0 ? count(scaled) : `${threeDigits(scaled).replace(/\.0+$|(\.\d*?)0+$/, "$1")}${units[unit]}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

/** 95 → "1 min 35 s"; 7300 → "2 h 2 min" */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 1) return "under 1 s";
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 600)
    return rounded % 60 === 0 ? `${rounded / 60} min` : `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  const minutes = Math.round(rounded / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(rounded / 86_400)} days`;
}

/** 0.9333 → "93.3 %"; whole numbers stay whole. */
export function percent(share: number): string {
  const value = share * 100;
  return `${Number.isInteger(Number(value.toFixed(1))) ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** Losses keep four significant digits: 3.214, 0.04213. */
export function loss(value: number | null): string {
  if (value === null) return "–";
  if (!Number.isFinite(value)) return String(value);
  return value >= 1 || value === 0 ? value.toFixed(3) : value.toPrecision(value >= 0.001 ? 3 : 2);
}

/** Learning rates read best as 3e-4. */
export function rate(value: number): string {
  if (value === 0) return "0";
  return value >= 0.01 ? String(Number(value.toPrecision(3))) : value.toExponential(2).replace(/\.?0+e/, "e");
}

export function speed(tokensPerSecond: number): string {
  const value = tokensPerSecond >= 100 ? count(tokensPerSecond) : tokensPerSecond.toFixed(1);
  return `${value} tokens/s`;
}

/** The first eight digits of a digest. */
export function digest(hex: string): string {
  return hex.slice(0, 8);
}

/** "just now", "5 min ago", "3 h ago", then the date. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return day(iso);
}

export function day(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

export function moment(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB");
}

/** The last part of a path of either kind of system. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}
