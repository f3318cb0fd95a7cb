import { bytes, count, moment, percent, short } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { ConfirmDialog } from "@renderer/ui/dialog";
import { Digest } from "@renderer/ui/digest";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import { Spinner } from "@renderer/ui/spinner";
import { Table, Td, Th } from "@renderer/ui/table";
import { toast } from "@renderer/ui/toast-store";
import type { ModelInfo, ModelRecord } from "@shared/models/model";
import { Boxes, MessagesSquare, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useModels, useRemoveModel } from "../api/models";
import { ActivationChoice, activationName } from "./activation-choice";
import { ModelBadges } from "./model-badges";
import { TemplatePanel } from "./template-panel";

const back = { href: "/models", label: "Models" };

export function ModelPage({ id }: { readonly id: string }) {
  const query = useModels();
  return (
    <Loaded
      query={query}
      waiting={
        <Page title="Model" back={back}>
          {null}
        </Page>
      }
    >
      {(models) => {
        const model = models.find((one) => one.id === id);
        return model ? <ModelCard model={model} /> : <Gone />;
      }}
    </Loaded>
  );
}

function Gone() {
  return (
    <Page title="Model" back={back}>
      <EmptyState
        icon={<Boxes size={22} aria-hidden />}
        title="This model is no longer on the shelf"
        actions={
          <Link href="/models" className={buttonClass("primary")}>
            See all models
          </Link>
        }
      >
        It was taken off the list. Its file was not touched; you can add it again.
      </EmptyState>
    </Page>
  );
}

function ModelCard({ model }: { readonly model: ModelRecord }) {
  const { info } = model;
  const [, go] = useLocation();
  const usable = info.whyNotTrainable.length === 0 && !model.missing;
  return (
    <Page
      title={info.name}
      back={back}
      badge={<ModelBadges model={model} />}
      lead={info.description ?? undefined}
      actions={
        <>
          <RemoveModel model={model} />
          <Button
            icon={<MessagesSquare size={16} aria-hidden />}
            disabled={!usable}
            onClick={() => go("/playground", { state: { model: model.id } })}
          >
            Talk to it
          </Button>
          <Button
            variant="primary"
            icon={<Play size={16} aria-hidden />}
            disabled={!usable}
            onClick={() => go("/runs/new", { state: { modelId: model.id } })}
          >
            Train on it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {model.missing && (
          <Notice tone="warn" title="The file is no longer at its place">
            Hone looked at <span className="font-mono break-all">{info.path}</span>. Put the file back, or take the
            model off the list and add it from its new place. Adapters and runs are kept.
          </Notice>
        )}
        {info.whyNotTrainable.length > 0 && (
          <Notice tone="warn" title="Hone cannot run this model">
            <ul className="list-disc pl-4">
              {info.whyNotTrainable.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Notice>
        )}
        {info.activation.source === "guess" && (
          <Notice tone="warn" title={`The feed-forward activation is a guess: ${activationName[info.activation.kind]}`}>
            {info.activation.reason || "The file does not say which one the model was trained with."} If its answers
            make no sense, choose the other one below.
          </Notice>
        )}
        <div className="grid gap-3 lg:grid-cols-2">
          <Panel title="Model">
            <Facts>
              <Fact name="Architecture">{info.architecture}</Fact>
              <Fact name="Parameters">
                {short(info.parameters)} <span className="text-ink-faint">({count(info.parameters)})</span>
              </Fact>
              <Fact name="Context">{count(info.contextLength)} tokens</Fact>
              <Fact name="Blocks">{count(info.blockCount)}</Fact>
              <Fact name="Width">
                {count(info.embeddingLength)}, feed-forward {count(info.feedForwardLength)}
              </Fact>
              <Fact name="Attention heads">
                {count(info.headCount)}, key-value {count(info.headCountKv)}
              </Fact>
              <Fact name="Activation">
                <ActivationChoice model={model} />
              </Fact>
              <Fact name="Vocabulary">
                {count(info.vocabularySize)} tokens
                {info.tokenizer && (
                  <span className="text-ink-faint">
                    {" "}
                    · {info.tokenizer.model}, {info.tokenizer.pre}
                  </span>
                )}
              </Fact>
            </Facts>
          </Panel>
          <div className="flex flex-col gap-3">
            <Panel title="File">
              <Facts columns="sm:grid-cols-[6rem_1fr]">
                <Fact name="Path">
                  <span className="font-mono text-sm break-all">{info.path}</span>
                </Fact>
                <Fact name="Size">{bytes(info.fileBytes)}</Fact>
                <Fact name="Digest">
                  {model.digest ? (
                    <Digest hex={model.digest} what="model's digest" />
                  ) : (
                    <span className="inline-flex items-center gap-1.5 text-ink-faint">
                      <Spinner /> being computed
                    </span>
                  )}
                </Fact>
                <Fact name="Licence">
                  {info.license ?? <span className="text-ink-faint">the file does not say</span>}
                </Fact>
                <Fact name="Added">{moment(model.addedAt)}</Fact>
              </Facts>
            </Panel>
            <TypesTable info={info} />
          </div>
        </div>
        <TemplatePanel template={info.chatTemplate} />
      </div>
    </Page>
  );
}

function TypesTable({ info }: { readonly info: ModelInfo }) {
  const total = info.types.reduce((sum, type) => sum + type.bytes, 0);
  return (
    <Table label="Tensor types">
      <thead>
        <tr>
          <Th>Type</Th>
          <Th className="text-right">Tensors</Th>
          <Th className="text-right">Size</Th>
          <Th className="text-right">Share</Th>
        </tr>
      </thead>
      <tbody>
        {info.types.map((type) => (
          <tr key={type.dtype}>
            <Td className="font-mono text-sm">{type.dtype}</Td>
            <Td className="num text-right">{count(type.tensors)}</Td>
            <Td className="num text-right">{bytes(type.bytes)}</Td>
            <Td className="num text-right">{percent(total > 0 ? type.bytes / total : 0)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function RemoveModel({ model }: { readonly model: ModelRecord }) {
  const [asking, setAsking] = useState(false);
  const remove = useRemoveModel();
  const [, go] = useLocation();
  return (
    <>
      <Button variant="ghost" icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Take “${model.info.name}” off the list?`}
        text="The file stays on your disk. Runs and adapters made from it are kept, but need the model back to be used."
        action="Remove"
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(model.id, {
            onSuccess: () => go("/models"),
            onError: (error) => {
              setAsking(false);
              toast({ tone: "bad", title: "The model was not removed", text: error.message });
            },
          })
        }
      />
    </>
  );
}
