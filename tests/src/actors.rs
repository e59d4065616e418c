//! Who calls.

use std::ops::Deref;

use serde_json::{Value, json};

use crate::client::{Answer, Client, File, fresh_key, upload_call};

/// Somebody without a session.
#[derive(Debug)]
pub struct Anonymous(pub Client);

impl Deref for Anonymous {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

/// Somebody signed in.
#[derive(Debug)]
pub struct SignedIn {
    client: Client,
    /// What the sign-in answered.
    pub me: Value,
}

impl Deref for SignedIn {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A signature of one line.
pub fn signature() -> Value {
    json!({
        "kind": "digital", "width": 600, "height": 200,
        "strokes": [[{"x": 10, "y": 10}, {"x": 200, "y": 100}, {"x": 300, "y": 20}]],
    })
}

/// A consent to the clinical record, signed by the patient.
pub fn consent() -> Value {
    json!({
        "template": "standard", "version": 1, "language": "en", "purposes": ["clinical_record"],
        "method": signature(), "signerName": "Zoe Weiss", "signerRole": "patient",
    })
}

impl SignedIn {
    /// Whoever this client's cookie belongs to.
    pub fn new(client: Client, me: Value) -> Self {
        Self { client, me }
    }

    /// Signs in with a password.
    pub async fn sign_in(client: Client, username: &str, password: &str) -> Self {
        let sent = json!({ "username": username, "password": password });
        let me = client.post("/api/v1/session", &sent).await.expect(201);
        Self::new(client, me)
    }

    /// Enters the password again, as is asked before photos are downloaded.
    pub async fn confirm_password(&self) {
        let sent = json!({ "password": crate::server::PASSWORD });
        self.post("/api/v1/session/confirmation", &sent).await.expect(204);
    }

    /// Searches patients.
    pub async fn search(&self, query: &str) -> Answer {
        self.post("/api/v1/patients/search", &json!({ "query": query }))
            .await
    }

    /// Signs the visit at this path as it is now.
    pub async fn sign_visit(&self, entry: &str) -> Value {
        let versions = self.get(entry).await.expect(200)["versions"].clone();
        let body = json!({ "versions": versions });
        self.post(format!("{entry}/sign"), &body).await.expect(200)
    }

    /// Makes a patient with this unique id; answers its id.
    pub async fn create_patient(&self, unique_id: &str) -> String {
        self.create_patient_with(&json!({ "uniqueId": unique_id })).await
    }

    /// Makes a patient of these fields; answers its id.
    pub async fn create_patient_with(&self, fields: &Value) -> String {
        id_of(&self.post("/api/v1/patients", fields).await.expect(201))
    }

    /// A patient as it is now.
    pub async fn patient(&self, patient: &str) -> Value {
        self.get(format!("/api/v1/patients/{patient}")).await.expect(200)
    }

    /// Records a consent to the clinical record; answers its id.
    pub async fn give_consent(&self, patient: &str) -> String {
        id_of(
            &self
                .post(format!("/api/v1/patients/{patient}/consents"), &consent())
                .await
                .expect(201),
        )
    }

    /// Uploads files; answers what happened to each.
    pub async fn upload(&self, patient: &str, files: &[File]) -> Vec<Value> {
        results(&self.send(upload_call(patient, &fresh_key(), files)).await)
    }

    /// Uploads one good image; answers the image's id.
    pub async fn store(&self, patient: &str, bytes: Vec<u8>) -> String {
        let results = self.upload(patient, &[File::new("photo.jpg", bytes)]).await;
        assert_eq!(results[0]["outcome"], "stored", "{results:?}");
        id_of(&results[0]["image"])
    }

    /// A patient's activity, newest first.
    pub async fn activity(&self, patient: &str) -> Vec<Value> {
        let page = self
            .get(format!("/api/v1/patients/{patient}/activity?limit=100"))
            .await
            .expect(200);
        page["events"].as_array().cloned().expect("events")
    }

    /// Changes one setting.
    pub async fn set(&self, key: &str, value: &str) {
        self.patch("/api/v1/settings", &json!({ "values": { key: value } }))
            .await
            .expect(200);
    }
}

/// The member `id`.
#[track_caller]
pub fn id_of(value: &Value) -> String {
    value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {value}"))
        .to_owned()
}

/// What happened to each file of an upload.
#[track_caller]
pub fn results(answer: &Answer) -> Vec<Value> {
    answer.expect(200)["results"]
        .as_array()
        .cloned()
        .expect("results")
}
