import { Disclosure } from "@renderer/ui/disclosure";
import { Notice } from "@renderer/ui/notice";

export function TemplatePanel({ template }: { readonly template: string | null }) {
  if (!template) {
    return (
      <Notice title="No chat template in this file">
        Hone uses a plain fallback and says so where it matters: in the dataset preview and under each answer.
      </Notice>
    );
  }
  return (
    <Disclosure summary="Chat template" note="how a conversation is written for this model">
      <pre className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed whitespace-pre-wrap">
        {template}
      </pre>
    </Disclosure>
  );
}
