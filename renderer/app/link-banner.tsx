import { retryLink, useLinkState } from "@renderer/lib/bridge";
import { Button } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { Spinner } from "@renderer/ui/spinner";
import { Unplug } from "lucide-react";

/** Calm by design: training does not depend on this window. */
export function LinkBanner() {
  const state = useLinkState();
  return (
    <div role="status">
      {state === "lost" && (
        <div className="flex items-center gap-3 border-b border-warn/40 bg-warn-soft px-6 py-2">
          <Spinner />
          <p className="flex-1">
            <span className="font-medium">The connection to Hone's services is lost.</span>{" "}
            <span className="text-ink-soft">
              Runs go on without this window, and it reconnects by itself. If Hone was started again, open the address
              that it printed.
            </span>
          </p>
          <Button size="sm" onClick={retryLink}>
            Try now
          </Button>
        </div>
      )}
    </div>
  );
}

export function Unreachable() {
  return (
    <main className="mx-auto flex h-full max-w-xl flex-col justify-center p-6">
      <EmptyState
        icon={<Unplug size={22} aria-hidden />}
        title="Hone's services do not answer"
        actions={
          <Button variant="primary" onClick={retryLink}>
            Try again
          </Button>
        }
      >
        <p>
          This address may be from an earlier start, or Hone is not running. Start it with{" "}
          <code className="font-mono">npm start</code> and open the whole address that it prints: the part after{" "}
          <code className="font-mono">#token=</code> lets this window in.
        </p>
      </EmptyState>
    </main>
  );
}
