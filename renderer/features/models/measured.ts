import type { ModelInfo } from "@shared/models/model";
import type { SupportRow } from "@shared/support/support";
import { mainTypeNames } from "./main-types";

export interface Measured {
  /** Worst of the rows. */
  readonly logitsError: number;
  readonly gradientError: number;
  readonly rows: readonly SupportRow[];
  /** A file of this architecture and type was measured itself; else these are the worst of its architecture and of its types. */
  readonly exact: boolean;
}

/** What was measured for files like this one; null where nothing was. */
export function measuredFor(
  info: Pick<ModelInfo, "architecture" | "types">,
  table: readonly SupportRow[],
): Measured | null {
  const types = mainTypeNames(info.types);
  const sameKind = table.filter((row) => row.architecture === info.architecture);
  const exact = sameKind.filter((row) => types.includes(row.type));
  const rows = exact.length > 0 ? exact : table.filter((row) => sameKind.includes(row) || types.includes(row.type));
  if (rows.length === 0) return null;
  return {
    logitsError: Math.max(...rows.map((row) => row.logitsError)),
    gradientError: Math.max(...rows.map((row) => row.gradientError)),
    rows,
    exact: exact.length > 0,
  };
}

/** The rows that some model of the shelf is like. */
export function rowsAtHand(infos: readonly Pick<ModelInfo, "architecture" | "types">[], table: readonly SupportRow[]) {
  return new Set(
    infos.flatMap((info) => {
      const measured = measuredFor(info, table);
      return measured?.exact ? measured.rows : [];
    }),
  );
}
