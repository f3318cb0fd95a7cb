import { Button } from "@renderer/ui/button";
import type { ExportGate } from "@shared/models/export";
import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";

const looks = {
  pass: { icon: CircleCheck, ink: "text-good", word: "good" },
  warn: { icon: TriangleAlert, ink: "text-warn", word: "warning" },
  block: { icon: CircleAlert, ink: "text-bad", word: "stops the export" },
  later: { icon: CircleDashed, ink: "text-ink-faint", word: "found out while exporting" },
} as const;

/** Every condition of an export in words; what stops it comes with the ways out. */
export function GateList({
  gates,
  onPass,
}: {
  readonly gates: readonly ExportGate[];
  /** The person knows why; only for gates that may be passed. */
  readonly onPass?: (gate: ExportGate) => void;
}) {
  return (
    <ul aria-label="What was checked" className="flex flex-col gap-1.5 text-sm">
      {gates.map((gate) => {
        const { icon: Icon, ink, word } = looks[gate.state];
        const quiet = gate.state === "pass" || gate.state === "later";
        return (
          <li key={gate.id} className="flex gap-2">
            <Icon size={15} aria-label={word} className={`mt-0.5 shrink-0 ${ink}`} />
            <div className="min-w-0">
              <p className={quiet ? "text-ink-soft" : "text-ink"}>{gate.text}</p>
              {!quiet && gate.hint && <p className="text-ink-soft">{gate.hint}</p>}
              {gate.state === "block" && gate.passable && onPass && (
                <Button size="sm" className="mt-1" onClick={() => onPass(gate)}>
                  I know why: go on anyway
                </Button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
