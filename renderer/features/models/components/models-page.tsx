import { bytes, count, short } from "@renderer/lib/format";
import { buttonClass } from "@renderer/ui/button";
import { DropZone } from "@renderer/ui/drop-zone";
import { EmptyState } from "@renderer/ui/empty-state";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { ModelRecord } from "@shared/models/model";
import { Boxes } from "lucide-react";
import { Link, useLocation } from "wouter";
import { useAddModel, useModels } from "../api/models";
import { mainTypes } from "../main-types";
import { AddModelBar } from "./add-model-bar";
import { ModelBadges } from "./model-badges";

export function ModelsPage({ adding = false }: { readonly adding?: boolean }) {
  const query = useModels();
  const add = useAddModel();
  const [, go] = useLocation();
  const addPath = (path: string) => add.mutate(path, { onSuccess: (model) => go(`/models/${model.id}`) });
  return (
    <Page
      title="Models"
      actions={
        <Link href="/models/support" className={buttonClass()}>
          What works
        </Link>
      }
      lead="GGUF files that Hone can talk to and tune. They stay where they are; Hone keeps their place."
    >
      <DropZone kind="model" invitation="Drop a GGUF model to add it" onDrop={addPath}>
        <div className="flex flex-col gap-3">
          <AddModelBar add={addPath} busy={add.isPending} error={add.error} focus={adding} />
          <Loaded query={query}>
            {(models) =>
              models.length === 0 ? (
                <EmptyState
                  icon={<Boxes size={22} aria-hidden />}
                  title="No model yet"
                  actions={
                    <FilePickButton kind="model" variant="primary" onPick={addPath}>
                      Choose a GGUF file…
                    </FilePickButton>
                  }
                >
                  A model is one <code className="font-mono">.gguf</code> file. Ternary (BitNet) models and small Llama
                  models train well on an ordinary machine.
                </EmptyState>
              ) : (
                <ModelTable models={models} />
              )
            }
          </Loaded>
        </div>
      </DropZone>
    </Page>
  );
}

function ModelTable({ models }: { readonly models: readonly ModelRecord[] }) {
  return (
    <Table label="Models">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Architecture</Th>
          <Th className="text-right">Parameters</Th>
          <Th className="text-right">Size</Th>
          <Th className="text-right">Context</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <Tr key={model.id}>
            <Td className="max-w-80 max-xl:max-w-60">
              <Link href={`/models/${model.id}`} className="block truncate font-medium hover:underline">
                {model.info.name}
              </Link>
              <span className="block truncate font-mono text-xs text-ink-faint" title={model.info.path}>
                {model.info.path}
              </span>
            </Td>
            <Td>
              {model.info.architecture}
              <span className="block text-xs text-ink-faint">{mainTypes(model.info.types)}</span>
            </Td>
            <Td className="num text-right whitespace-nowrap">{short(model.info.parameters)}</Td>
            <Td className="num text-right whitespace-nowrap">{bytes(model.info.fileBytes)}</Td>
            <Td className="num text-right whitespace-nowrap">{count(model.info.contextLength)}</Td>
            <Td>
              <ModelBadges model={model} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
