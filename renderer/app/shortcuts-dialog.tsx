import { Dialog } from "@renderer/ui/dialog";
import { ShortcutList } from "@renderer/ui/shortcut-list";

export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" width="max-w-2xl">
      <ShortcutList />
    </Dialog>
  );
}
