// Records for tests that are about something else: made over the API, from inside the page.

/** Asks the server as the page does; gives the status and the body. */
export const api = (page, method, path, body) =>
  page.evaluate(
    async ([verb, address, sent]) => {
      const options = sent === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(sent) };
      const answer = await fetch(`/api/v1${address}`, { method: verb, ...options });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : null };
    },
    [method, path, body],
  );

/** A patient, with a consent that was given on paper unless told otherwise. Returns the patient's id. */
export async function makePatient(page, fields, { consent = true } = {}) {
  const { status, body } = await api(page, "POST", "/patients", fields);
  if (status !== 201) throw new Error(`the patient was not created: ${JSON.stringify(body)}`);
  if (consent) await giveConsent(page, body.id, fields.firstName ?? fields.uniqueId);
  return body.id;
}

export async function giveConsent(page, patientId, signerName) {
  const form = (await api(page, "GET", "/consent-form?language=en")).body;
  const sent = {
    template: form.template,
    version: form.version,
    language: form.language,
    purposes: ["clinical_record"],
    method: { kind: "external", how: "written", notes: "Signed form in folder B." },
    signerName,
    signerRole: "patient",
  };
  const { status, body } = await api(page, "POST", `/patients/${patientId}/consents`, sent);
  if (status !== 201) throw new Error(`the consent was not recorded: ${JSON.stringify(body)}`);
}

/** Sends files from the pool that is open, and waits until each has its end and the pool shows all of them. */
export async function addPhotos(page, paths) {
  await page.getByTestId("files").setInputFiles(paths);
  await page.getByRole("region", { name: "Photos added" }).waitFor({ timeout: 180_000 });
  const patient = new URL(page.url()).pathname.split("/")[2];
  const { total } = (await api(page, "GET", `/patients/${patient}/images?limit=1`)).body;
  await page.getByRole("main").getByText(total === 1 ? "1 photo" : `${total} photos`, { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Clear list" }).click();
}

/**
 * Says of the photos in a patient's list that they were captured on those days, the newest first: what real files tell of
 * themselves differs from folder to folder.
 */
export async function captureOn(page, days) {
  await page.route(/\/api\/v1\/patients\/[^/]+\/images(\?|$)/, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const answer = await route.fetch();
    const body = await answer.json();
    body.images.forEach((image, index) => {
      image.capturedAt = days[Math.min(index, days.length - 1)];
    });
    return route.fulfill({ response: answer, json: body });
  });
}
