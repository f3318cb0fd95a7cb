/** Whether this window may show notes on the desktop; "missing" where the browser knows none or the page is not a secure one. */
export function canNotify(): NotificationPermission | "missing" {
  return typeof Notification === "undefined" ? "missing" : Notification.permission;
}

/** Asks the person; only ever from a press of a button. */
export async function askToNotify(): Promise<NotificationPermission | "missing"> {
  return typeof Notification === "undefined" ? "missing" : Notification.requestPermission();
}
