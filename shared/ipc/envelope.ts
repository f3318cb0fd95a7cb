import type { ErrorData } from "@shared/errors";

/** Asking side → answering side. `path` is "group.name"; `id` pairs the answer. */
export interface Request {
  readonly type: "request";
  readonly id: number;
  readonly path: string;
  readonly input: unknown;
}

/** Answering side → asking side. */
export type Reply =
  | { readonly type: "reply"; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: "reply"; readonly id: number; readonly ok: false; readonly error: ErrorData };

export interface News {
  readonly type: "news";
  readonly path: string;
  readonly payload: unknown;
}

export type Message = Request | Reply | News;
