import { Badge } from "@renderer/ui/badge";
import type { ModelRecord } from "@shared/models/model";

export function ModelBadges({ model }: { readonly model: ModelRecord }) {
  return (
    <span className="flex flex-wrap gap-1">
      {model.missing ? (
        <Badge tone="bad" title={`Nothing is at ${model.info.path}`}>
          File missing
        </Badge>
      ) : model.info.whyNotTrainable.length === 0 ? (
        <Badge tone="good">Trainable</Badge>
      ) : (
        <Badge tone="bad" title={model.info.whyNotTrainable.join("\n")}>
          Cannot run
        </Badge>
      )}
      {model.origin === "starter" && <Badge>Starter</Badge>}
      {model.info.activation.source === "guess" && (
        <Badge tone="warn" title="The file does not say which activation it was trained with">
          Activation guessed
        </Badge>
      )}
    </span>
  );
}
