import { Button } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Component, type ReactNode } from "react";

/** A page that breaks leaves the rest of the window usable. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="mx-auto max-w-2xl p-8">
        <ErrorPanel
          title="This page stopped working"
          error={{
            code: "window.page",
            message: error.message,
            hint: "Runs go on in the background and nothing is lost. Try again, or open another page.",
          }}
          actions={
            <>
              <Button size="sm" onClick={() => this.setState({ error: null })}>
                Try again
              </Button>
              <Button size="sm" variant="ghost" onClick={() => window.location.reload()}>
                Reload the window
              </Button>
            </>
          }
        />
      </div>
    );
  }
}
