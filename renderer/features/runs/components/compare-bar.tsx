import { counted } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { GitCompareArrows } from "lucide-react";
import { Link } from "wouter";
import { compareAddress } from "../hooks/compare-address";

/** What to do with the ticked runs; there only while some are ticked. */
export function CompareBar({ chosen, onClear }: { readonly chosen: readonly string[]; readonly onClear: () => void }) {
  if (chosen.length === 0) return null;
  return (
    <div className="appear sticky bottom-4 mx-auto mt-4 flex items-center gap-3 rounded-lg border border-line bg-raised py-2 pr-2 pl-4 shadow-pop">
      <p role="status">{counted(chosen.length, "run")} ticked</p>
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear
      </Button>
      <Link href={compareAddress(chosen)} className={buttonClass("primary", "sm")}>
        <GitCompareArrows size={15} aria-hidden />
        Compare
      </Link>
    </div>
  );
}
