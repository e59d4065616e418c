//! The standard form in German.

use super::{Form, FormPurpose};
use crate::Purpose;

pub(super) const V1: Form = Form {
    template: "standard",
    version: 1,
    language: "de",
    title: "Einwilligung in die klinische Fotografie",
    text: "\
Was fotografiert wird\n\
Wir möchten Ihre Haut oder die Körperstelle fotografieren, die untersucht oder behandelt wird. Wir \
fotografieren nicht mehr, als nötig ist. Gesicht, Tätowierungen oder Narben können Sie erkennbar machen; \
wo sie für Ihre Behandlung keine Rolle spielen, vermeiden wir es, sie abzubilden.\n\
\n\
Warum\n\
Mit Fotografien können wir verfolgen, wie sich Ihre Haut verändert, Ihre Behandlung planen und \
überprüfen und Vorher und Nachher vergleichen. Die Fotografie ist Teil Ihrer medizinischen \
Dokumentation.\n\
\n\
Wie die Aufnahmen aufbewahrt werden\n\
Ihre Aufnahmen werden verschlüsselt auf einem Computer gespeichert, der dieser Praxis gehört, zusammen \
mit dem Tag der Aufnahme und der Körperstelle. Sie werden nicht ins Internet gestellt, es sei denn, Sie \
stimmen dem unten zu. Die Praxis kann verschlüsselte Sicherungskopien an einem von ihr gewählten Ort \
aufbewahren.\n\
\n\
Wer sie sehen kann\n\
Die Personen, die Sie in dieser Praxis behandeln, und deren Mitarbeitende, nach persönlicher Anmeldung. \
Die Praxis führt ein geschütztes Protokoll darüber, was mit Ihren Aufnahmen geschieht. Niemand sonst \
sieht sie, es sei denn, Sie stimmen unten zu oder das Gesetz verlangt es.\n\
\n\
Wie lange\n\
Als Teil Ihrer Krankengeschichte werden die Aufnahmen so lange aufbewahrt, wie es das Gesetz und die \
Aufbewahrungsfrist dieser Praxis verlangen. Danach dürfen sie gelöscht werden. Ist ein Tag angegeben, an \
dem diese Einwilligung endet, so werden ab diesem Tag auf ihrer Grundlage keine neuen Aufnahmen gemacht.\n\
\n\
Ihre Entscheidung\n\
Die Einwilligung ist freiwillig. Auch wenn Sie nicht einwilligen, werden Sie behandelt; nur lässt sich \
Ihre Behandlung dann nicht mit Fotografien verfolgen. Der erste der unten genannten Zwecke ist nötig, \
damit Aufnahmen gemacht werden können. Über jeden anderen Zweck entscheiden Sie einzeln; wenn Sie ihn \
weglassen, haben Sie dadurch keinen Nachteil.\n\
\n\
Wenn Sie es sich anders überlegen\n\
Sie können diese Einwilligung jederzeit als Ganzes widerrufen, indem Sie es dieser Praxis mitteilen. Sie \
müssen keinen Grund nennen, und Ihre Behandlung leidet nicht darunter. Von da an machen wir auf \
Grundlage dieser Einwilligung keine neuen Aufnahmen und verwenden vorhandene für keinen der anderen \
unten genannten Zwecke mehr. Bereits gemachte Aufnahmen bleiben Teil Ihrer Krankengeschichte, weil die \
Praxis diese vollständig führen muss. Was bereits veröffentlicht oder weitergegeben wurde, lässt sich \
oft nicht zurückholen. Möchten Sie nur einzelne Zwecke widerrufen, so wird diese Einwilligung widerrufen \
und eine neue mit den Zwecken festgehalten, denen Sie weiterhin zustimmen.\n\
\n\
Ihre Rechte\n\
Sie können Ihre Aufnahmen ansehen, Kopien davon und von dieser Einwilligung erhalten, Fehler berichtigen \
lassen und fragen, wozu sie verwendet wurden. Sie können sich bei der Datenschutzbehörde beschweren, die \
für diese Praxis zuständig ist.\n\
\n\
Mit Ihrer Zustimmung bestätigen Sie, dass Sie diesen Text gelesen haben oder er Ihnen vorgelesen wurde, \
dass Sie Fragen stellen konnten und die Antworten verstanden haben. Unterschreiben Sie für jemand \
anderen, so bestätigen Sie, dass Sie dazu berechtigt sind.\n\
\n\
Wozu ich einwillige",
    purposes: &[
        FormPurpose {
            purpose: Purpose::ClinicalRecord,
            label: "Krankengeschichte",
            description: "Aufnahmen dürfen für meine Diagnose und Behandlung gemacht und in meiner \
                          Krankengeschichte aufbewahrt werden. Ohne dies werden keine Aufnahmen gemacht.",
            required: true,
        },
        FormPurpose {
            purpose: Purpose::TreatingClinicians,
            label: "Weitergabe an Mitbehandelnde",
            description: "Meine Aufnahmen dürfen anderen Fachpersonen, die an meiner Behandlung beteiligt \
                          sind, gezeigt oder übergeben werden.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Teaching,
            label: "Lehre",
            description: "Meine Aufnahmen dürfen ohne meinen Namen in der Aus- und Weiterbildung von \
                          Gesundheitsfachpersonen gezeigt werden.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Publication,
            label: "Veröffentlichung",
            description: "Meine Aufnahmen dürfen ohne meinen Namen in Fachliteratur oder an Kongressen \
                          veröffentlicht werden, auch im Internet. Es ist möglich, dass mich jemand erkennt.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Marketing,
            label: "Werbung",
            description: "Meine Aufnahmen dürfen ohne meinen Namen zur Werbung für diese Praxis verwendet \
                          werden, auch im Internet. Es ist möglich, dass mich jemand erkennt.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Research,
            label: "Forschung",
            description: "Meine Aufnahmen dürfen ohne meinen Namen in der medizinischen Forschung verwendet \
                          werden. Eine Studie, die eine eigene Einwilligung braucht, fragt mich erneut.",
            required: false,
        },
    ],
};
