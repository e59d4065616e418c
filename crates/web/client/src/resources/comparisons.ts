/** Comparisons of a patient's photos, which belong to visits. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { http, take } from "../api/client";
import { isProblem } from "../api/problem";
import type { Annotation, ComparedImage, ComparedImagePatch, Comparison, ComparisonPatch, Entry } from "../api/types";
import type { Colour, Drawn, Group, Photo, PhotoValues, Shape } from "../compare/group";
import type { Change, Field, Send, Stored } from "../compare/store";
import { recordChanged, recordKey } from "./record";

const ADDRESS = "/api/v1/patients/{patientId}/comparisons/{comparisonId}";
const OF_IMAGE = `${ADDRESS}/images/{imageId}` as const;

const comparisonKey = (patientId: string, comparisonId: string) => [...recordKey(patientId), "comparison", comparisonId] as const;

export const comparisonQuery = (patientId: string, comparisonId: string) =>
  queryOptions({
    queryKey: comparisonKey(patientId, comparisonId),
    queryFn: (): Promise<Comparison> => take(http.GET(ADDRESS, { params: { path: { patientId, comparisonId } } })),
    // While it is open it is changed here, and another reading must not take the place of what is being entered.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** A drawing has the places of its kind, and no others. */
function drawnOf({ id, kind, colour, width, from, to, centre, radius, at, text, points }: Annotation): readonly Drawn[] {
  const shape = (): Shape | null => {
    if ((kind === "arrow" || kind === "measure") && from && to) return { kind, from, to };
    if (kind === "circle" && centre && radius) return { kind, centre, radius };
    if (kind === "text" && at && text) return { kind, at, text };
    return kind === "freehand" && points ? { kind, points } : null;
  };
  const found = shape();
  return found ? [{ ...found, id, colour: colour as Colour, width }] : [];
}

const valuesOf = ({ label, view, landmarks, ruler, annotations }: ComparedImage): PhotoValues => ({
  label,
  view: { crop: view.crop, rotation: view.rotation, scale: view.scale, offset: view.offset },
  landmarks,
  ruler,
  annotations: annotations.flatMap(drawnOf),
});

const photoOf = (image: ComparedImage): Photo => ({
  imageId: image.imageId,
  width: image.width,
  height: image.height,
  moment: image.capturedAt ?? image.uploadedAt,
  isCaptured: image.capturedAt !== null,
  edition: image.edition,
  turns: image.turns,
  ...valuesOf(image),
});

export const storedOf = ({ version, title, note, mode, layout, images, views }: Comparison): Stored => ({
  version,
  values: { title, note, mode, layout, images },
  photos: views.map((it) => ({ imageId: it.imageId, photo: photoOf(it), values: valuesOf(it) })),
});

/** Sends one change of a comparison. A clash is an answer, too: the fields that did not clash are saved. */
export function useSendComparison(patientId: string): (comparisonId: string) => Send {
  const client = useQueryClient();
  return useCallback(
    (comparisonId) => async (change) => {
      try {
        const stored = storedOf(await sendChange(patientId, comparisonId, change));
        shown(client, patientId);
        return { stored, conflicts: [] };
      } catch (error) {
        if (!isProblem(error, "stale_version") || !error.current) throw error;
        const current = error.current as unknown as Comparison;
        const { imageId } = change;
        return {
          stored: storedOf(current),
          conflicts: error.conflicts.map((it) => ({ imageId, field: it.field as Field, theirs: theirsOf(it.field, it.current), changedBy: it.changedBy, changedAt: it.changedAt })),
        };
      }
    },
    [client, patientId],
  );
}

const theirsOf = (field: string, value: unknown): unknown => (field === "annotations" && Array.isArray(value) ? (value as Annotation[]).flatMap(drawnOf) : value);

function sendChange(patientId: string, comparisonId: string, { imageId, turns, version, values }: Change): Promise<Comparison> {
  if (imageId === null) return take(http.PATCH(ADDRESS, { params: { path: { patientId, comparisonId } }, body: { version, ...values } as ComparisonPatch }));
  return take(http.PATCH(OF_IMAGE, { params: { path: { patientId, comparisonId, imageId } }, body: { version, turns, ...values } as ComparedImagePatch }));
}

/** Visits show what is compared in them. The photos themselves did not change: asking for them would be recorded as a look (U1). */
const shown = (client: QueryClient, patientId: string): void => void recordChanged(client, patientId, ["images", "image", "comparison"]);

interface Saved {
  /** A visit that exists, or what a new one is called. */
  readonly into: { readonly entryId: string } | { readonly title: string | null };
  readonly group: Group;
}

/** Saves a comparison in a visit. What is marked on its photos is sent afterwards, as every later change. */
export function useSaveComparison(patientId: string) {
  const client = useQueryClient();
  // A second attempt uses the visit that the first one made.
  const made = useRef<string | null>(null);
  return useMutation({
    mutationFn: async ({ into, group }: Saved): Promise<{ readonly id: string; readonly stored: Stored }> => {
      let entryId = "entryId" in into ? into.entryId : made.current;
      if (entryId === null) {
        const body = { appointmentAt: new Date().toISOString(), title: "title" in into ? into.title : null, notes: "" };
        const entry: Entry = await take(http.POST("/api/v1/patients/{patientId}/entries", { params: { path: { patientId } }, body }));
        entryId = entry.id;
        made.current = entryId;
      }
      const { title, note, mode, layout, photos } = group;
      const body = { title, note, mode, layout, images: photos.map((it) => it.imageId) };
      const comparison: Comparison = await take(http.POST("/api/v1/patients/{patientId}/entries/{entryId}/comparisons", { params: { path: { patientId, entryId } }, body }));
      return { id: comparison.id, stored: storedOf(comparison) };
    },
    onSettled: () => shown(client, patientId),
  });
}
