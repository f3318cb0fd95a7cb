import { useImportAdapter } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import { fileName } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { Dialog } from "@renderer/ui/dialog";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Select } from "@renderer/ui/select";
import { toast } from "@renderer/ui/toast-store";
import { toErrorData } from "@shared/errors";
import { useState } from "react";
import { Link, useLocation } from "wouter";

/** In place of a model: an id never looks like it. */
const fromBundle = "bundle";

const looksLikeBundle = (path: string) => /(\.zip|-hone(-\d+)?[/\\]?|hone\.json)$/i.test(path.trim());

/** An adapter made elsewhere, tied to the base model it is meant for. */
export function ImportAdapterDialog({ onClose }: { readonly onClose: () => void }) {
  const models = (useModels().data ?? []).filter((model) => !model.missing);
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [chosen, setModel] = useState("");
  const modelId = chosen || (looksLikeBundle(path) ? fromBundle : models[0]?.id) || "";
  const importing = useImportAdapter();
  const [, go] = useLocation();
  const submit = () => {
    if (!path.trim() || !modelId) return;
    importing.mutate(
      { path: path.trim(), ...(modelId === fromBundle ? {} : { modelId }), name: name.trim() || undefined },
      {
        onSuccess: ({ id, name: given, notices }) => {
          for (const text of notices) toast({ tone: "info", title: `“${given}” is imported in part`, text });
          go(`/export/${id}`);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Import an adapter"
      description="An adapter that someone else made: a bundle of Hone (folder or .zip), a GGUF file, or the folder that PEFT or MLX saved. It is checked before anything of it is kept."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="import-adapter"
            disabled={!path.trim() || !modelId}
            busy={importing.isPending}
          >
            Import
          </Button>
        </>
      }
    >
      <form
        id="import-adapter"
        className="flex flex-col gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="File">
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                className="font-mono text-sm"
                placeholder="Path of a bundle, a .gguf adapter or a folder"
                value={path}
                onChange={(event) => setPath(event.target.value)}
              />
              <FilePickButton kind="adapter" onPick={setPath}>
                Choose…
              </FilePickButton>
            </div>
          )}
        </Field>
        <Field
          label="Base model"
          hint={
            modelId === fromBundle
              ? "The bundle names its base by its digest; Hone finds it among your models."
              : models.length === 0
                ? "Add the base model under Models first."
                : "The model it was trained on."
          }
        >
          {(control) => (
            <Select
              {...control}
              value={modelId}
              onChange={setModel}
              options={[
                { value: fromBundle, label: "As the bundle says" },
                ...models.map(({ id, info }) => ({ value: id, label: info.name })),
              ]}
            />
          )}
        </Field>
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              placeholder={path ? fileName(path).replace(/\.gguf$/i, "") : "From the file"}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {importing.error && (
          <ErrorPanel
            title="The adapter was not imported"
            error={importing.error}
            actions={
              toErrorData(importing.error).code === "bundle.base" && (
                <Link href="/models" className={buttonClass("default", "sm")}>
                  Add the base under Models
                </Link>
              )
            }
          />
        )}
      </form>
    </Dialog>
  );
}
