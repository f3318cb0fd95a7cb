/** How the sheet calls a phone: what it says it is, and the number it comes from. Nothing else of what it says is kept. */
export function phoneName(userAgent: string | undefined, address: string): string {
  return `${kindOf(userAgent ?? "")} ${address.replace(/^::ffff:/, "")}`;
}

function kindOf(userAgent: string): string {
  if (/iPhone/.test(userAgent)) return "iPhone";
  if (/iPad/.test(userAgent)) return "iPad";
  if (/Android/.test(userAgent)) return /Mobile/.test(userAgent) ? "Android phone" : "Android tablet";
  return "Computer";
}
