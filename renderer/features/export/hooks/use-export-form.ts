import type { ExportPlan, ExportProfile, ExportRequest, ExportWish, passableGates } from "@shared/models/export";
import type { MergeType } from "@shared/models/merge";
import { useState } from "react";
import { useExportPlans } from "../api/exports";
import { profileTexts } from "../components/profile-texts";

interface ExportChoice {
  readonly profile: ExportProfile;
  readonly phoneGb: number | null;
  /** Null: the type that suits the target. */
  readonly mergedType: MergeType | null;
  readonly adapterType: "f16" | "f32";
  readonly zip: boolean;
  readonly pass: readonly (typeof passableGates)[number][];
}

export interface ExportForm {
  readonly choice: ExportChoice;
  change(part: Partial<ExportChoice>): void;
  /** Of each profile, as far as known. */
  readonly plans: ReadonlyMap<ExportProfile, ExportPlan>;
  /** Of the profile that is chosen. */
  readonly chosen: ExportPlan | undefined;
  readonly error: Error | null;
  readonly request: Omit<ExportRequest, "adapterId" | "folder">;
}

/** The choices of the export panel, with what each would come to. */
export function useExportForm(adapterId: string): ExportForm {
  const [choice, setChoice] = useState<ExportChoice>({
    profile: "adapter",
    phoneGb: null,
    mergedType: null,
    adapterType: "f16",
    zip: false,
    pass: [],
  });
  const wishes = profileTexts.map(({ profile }) => wishOf({ ...choice, profile }, profile === choice.profile));
  const { data, error } = useExportPlans(adapterId, wishes, choice.zip);
  const plans = new Map((data ?? []).map((plan) => [plan.profile, plan] as const));
  return {
    choice,
    // Who turns to another profile has not yet said anything about its gates or its type.
    change: (part) =>
      setChoice((old) => ({ ...old, ...("profile" in part ? { pass: [], mergedType: null } : {}), ...part })),
    plans,
    chosen: plans.get(choice.profile),
    error,
    request: { ...wishOf(choice, true), zip: choice.zip },
  };
}

function wishOf(choice: ExportChoice, isChosen: boolean): Omit<ExportWish, "adapterId"> {
  const { profile, phoneGb, mergedType, adapterType, pass } = choice;
  return {
    profile,
    adapterType,
    ...(phoneGb === null || !isChosen ? {} : { phoneGb }),
    ...(mergedType === null || !isChosen ? {} : { mergedType }),
    ...(pass.length > 0 && isChosen ? { pass: [...pass] } : {}),
  };
}
