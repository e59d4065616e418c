/** Where the pages around a visit are. */
export const recordPath = (patientId: string): string => `/patients/${patientId}`;
export const visitPath = (patientId: string, entryId: string): string => `/patients/${patientId}/visits/${entryId}`;
export const visitPhotoPath = (patientId: string, entryId: string, imageId: string): string => `${visitPath(patientId, entryId)}/${imageId}`;
export const photoPath = (patientId: string, imageId: string): string => `/patients/${patientId}/photos/${imageId}`;
export const cameraPath = (patientId: string, entryId: string): string => `/patients/${patientId}/camera/${entryId}`;

/** A comparison that is stored. */
export const comparisonPath = (patientId: string, comparisonId: string): string => `/patients/${patientId}/compare/${comparisonId}`;
