import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { Boxes } from "lucide-react";
import { Link } from "wouter";
import { useModels } from "../api/models";
import { MeasuredTable } from "./measured-table";
import { ShelfSupport } from "./shelf-support";

/** What the engine does with the files at hand, and what was measured for every kind of file. */
export function SupportPage() {
  const query = useModels();
  return (
    <Page
      wide
      title="What works"
      back={{ href: "/models", label: "Models" }}
      lead="What the engine does with the models on your shelf, and how exact it was found to be for every architecture and type."
    >
      <Loaded query={query}>
        {(models) => (
          <div className="flex flex-col gap-6">
            <section aria-labelledby="shelf-support" className="flex flex-col gap-2">
              <h2 id="shelf-support" className="font-semibold">
                Your models
              </h2>
              {models.length === 0 ? (
                <EmptyState icon={<Boxes size={22} aria-hidden />} title="No model yet">
                  <Link href="/models/add" className="text-accent hover:underline">
                    Add a GGUF file
                  </Link>{" "}
                  to see what can be done with it.
                </EmptyState>
              ) : (
                <ShelfSupport models={models} />
              )}
            </section>
            <MeasuredTable infos={models.map(({ info }) => info)} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
