import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "./button";
import { ErrorPanel } from "./error-panel";
import { Skeleton } from "./skeleton";

/** The three faces of a query: on its way, failed with a way out, or here. Data that is here stays while it is asked again. */
export function Loaded<Data>({
  query,
  waiting,
  children,
}: {
  readonly query: UseQueryResult<Data>;
  readonly waiting?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <ErrorPanel
        error={query.error}
        actions={
          <Button size="sm" onClick={() => void query.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  return waiting ?? <Skeleton />;
}
