use super::*;
use crate::Use;
use crate::sign_in::SignInError;
use crate::testing::{PASSWORD, Rig, from, operator, profile, secret};

const OTHER: &str = "7gH!wonder-Lamp";

fn add(username: &str, email: Option<&str>) -> AddAccount {
    let roles = Roles {
        administrator: false,
        clinician: true,
    };
    AddAccount {
        profile: profile(username, email),
        roles,
        password: secret(OTHER),
    }
}

/// A9: the operator adds an account, which can sign in with the roles it was given.
#[tokio::test]
async fn a9_add_an_account() {
    let (rig, _) = Rig::set_up().await;
    let by = operator();
    rig.auth
        .add_account(&by, add("bruno", Some("bruno@praxis.example")))
        .await
        .expect("adds");
    assert_eq!(rig.last_events(1), ["account.created ok"]);
    assert_eq!(rig.last_records(1)[0].actor.kind, "operator");
    let bruno = rig
        .auth
        .sign_in(from(30), "bruno@praxis.example", &secret(OTHER))
        .await
        .expect("signs in");
    assert!(bruno.signed_in.clinician().is_some() && bruno.signed_in.administrator().is_none());
}

/// A1, A5: a taken name or address, no role, or a bad password: nothing is created.
#[tokio::test]
async fn a1_what_is_refused() {
    let (rig, _) = Rig::set_up().await;
    let by = operator();
    let refused = async |input: AddAccount| rig.auth.add_account(&by, input).await.expect_err("refused");
    assert!(matches!(
        refused(add("anna.weber", None)).await,
        AccountError::UsernameTaken
    ));
    assert!(matches!(
        refused(add("bruno", Some("anna@praxis.example"))).await,
        AccountError::EmailTaken
    ));
    let mut input = add("bruno", None);
    input.roles = Roles {
        administrator: false,
        clinician: false,
    };
    assert!(matches!(refused(input).await, AccountError::NoRole));
    for password in ["Hautpraxis 2026!!", "Bruno is here 77!", "short"] {
        let mut input = add("bruno", None);
        input.password = secret(password);
        assert!(
            matches!(refused(input).await, AccountError::PasswordRefused(_)),
            "{password}"
        );
    }
    assert_eq!(rig.state().accounts.len(), 1);
}

/// A9: a reset at the command line is loud, ends all sessions at once, and opens a soft lock.
#[tokio::test]
async fn a9_reset_a_password() {
    let (rig, started) = Rig::set_up().await;
    for address in 0..10 {
        assert!(
            rig.auth
                .sign_in(from(address), "anna.weber", &secret("wrong"))
                .await
                .is_err()
        );
        rig.auth.write_failures().await;
        rig.clock.advance(16);
    }
    let locked = rig.auth.sign_in(from(30), "anna.weber", &secret(PASSWORD)).await;
    assert!(matches!(locked, Err(SignInError::Throttled { .. })));

    let by = operator();
    let unknown = rig.auth.reset_password(&by, "nobody", &secret(OTHER)).await;
    assert!(matches!(unknown, Err(AccountError::Unknown)));
    rig.auth
        .reset_password(&by, " Anna.Weber", &secret(OTHER))
        .await
        .expect("resets");
    assert_eq!(
        rig.last_events(2),
        ["password.reset_by_operator ok", "session.ended_all ok"]
    );
    let cookie = started.token.cookie_value();
    assert!(
        rig.auth
            .authenticate(from(20), cookie.expose(), Use::Person)
            .await
            .is_err()
    );
    assert!(
        rig.auth
            .sign_in(from(30), "anna.weber", &secret(PASSWORD))
            .await
            .is_err()
    );
    assert!(
        rig.auth
            .sign_in(from(30), "anna.weber", &secret(OTHER))
            .await
            .is_ok()
    );
}
