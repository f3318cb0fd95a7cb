import { useImportAdapter } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import { fileName } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { Dialog } from "@renderer/ui/dialog";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Select } from "@renderer/ui/select";
import { toast } from "@renderer/ui/toast-store";
import { useState } from "react";
import { useLocation } from "wouter";

/** An adapter made elsewhere, tied to the base model it is meant for. */
export function ImportAdapterDialog({ onClose }: { readonly onClose: () => void }) {
  const models = (useModels().data ?? []).filter((model) => !model.missing);
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [chosen, setModel] = useState("");
  const modelId = chosen || models[0]?.id || "";
  const importing = useImportAdapter();
  const [, go] = useLocation();
  const submit = () => {
    if (!path.trim() || !modelId) return;
    importing.mutate(
      { path: path.trim(), modelId, name: name.trim() || undefined },
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
      description="A LoRA adapter made by another program: a GGUF file, or the folder that PEFT or MLX saved. It is checked against the base model."
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
                placeholder="Path of a .gguf adapter or a folder"
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
          hint={models.length === 0 ? "Add the base model under Models first." : "The model it was trained on."}
        >
          {(control) => (
            <Select
              {...control}
              value={modelId}
              onChange={setModel}
              options={models.map(({ id, info }) => ({ value: id, label: info.name }))}
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
        {importing.error && <ErrorPanel title="The adapter was not imported" error={importing.error} />}
      </form>
    </Dialog>
  );
}
