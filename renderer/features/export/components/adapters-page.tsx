import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { Button, buttonClass } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { FileInput, PackageCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { AdapterShelf } from "./adapter-shelf";
import { ImportAdapterDialog } from "./import-adapter-dialog";

export function AdaptersPage() {
  const query = useAdapters();
  const [importing, setImporting] = useState(false);
  return (
    <Page
      title="Export"
      lead="Adapters are the small files that your runs leave, or that others gave you. Choose one to take it to another program or a phone."
      actions={
        <Button icon={<FileInput size={16} aria-hidden />} onClick={() => setImporting(true)}>
          Import an adapter…
        </Button>
      }
    >
      <Loaded query={query}>
        {(adapters) =>
          adapters.length === 0 ? (
            <EmptyState
              icon={<PackageCheck size={22} aria-hidden />}
              title="No adapter yet"
              actions={
                <>
                  <Link href="/runs/new" className={buttonClass("primary")}>
                    Train one
                  </Link>
                  <Button onClick={() => setImporting(true)}>Import an adapter…</Button>
                </>
              }
            >
              A finished run leaves an adapter here. An adapter is a few megabytes that turn the base model into yours;
              the base stays as it is.
            </EmptyState>
          ) : (
            <AdapterShelf adapters={adapters} />
          )
        }
      </Loaded>
      {importing && <ImportAdapterDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}
