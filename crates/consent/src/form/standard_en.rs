//! The standard form in English.

use super::{Form, FormPurpose};
use crate::Purpose;

pub(super) const V1: Form = Form {
    template: "standard",
    version: 1,
    language: "en",
    title: "Consent to clinical photography",
    text: "\
What is photographed\n\
We would like to photograph your skin or the area of your body that is being examined or treated. We \
photograph no more of you than is needed. Your face, tattoos or scars can make you recognisable; we \
avoid showing them where they do not matter for your care.\n\
\n\
Why\n\
Photographs let us follow how your skin changes, plan and check your treatment, and compare before and \
after. Photography is part of your medical documentation.\n\
\n\
How photographs are kept\n\
Your photographs are stored encrypted on a computer that belongs to this practice, together with the day \
and the place on your body. They are not put on the internet unless you agree to that below. The \
practice may keep encrypted backup copies at a place it has chosen.\n\
\n\
Who can see them\n\
Those who treat you in this practice and staff who work for them, after signing in personally. The \
practice keeps a protected record of what is done with your photographs. Nobody else sees them unless \
you agree below or the law requires it.\n\
\n\
How long\n\
As part of your medical record, photographs are kept for as long as the law and the retention period of \
this practice require. After that they may be deleted. If a day is given on which this consent ends, no \
new photographs are taken on its basis from that day on.\n\
\n\
Your choice\n\
Consent is voluntary. If you do not consent, you will still be treated; only following your treatment by \
photographs will not be possible. The first of the purposes below is needed for photographs to be taken. \
Every other purpose is a separate choice, and leaving it out has no disadvantage for you.\n\
\n\
Changing your mind\n\
You may withdraw this consent at any time, in whole, by telling this practice. You do not have to give a \
reason, and your treatment does not suffer. From then on we take no new photographs on the basis of this \
consent and no longer use existing ones for any of the other purposes below. Photographs already taken \
remain part of your medical record, because the practice must keep it complete. What has already been \
published or passed on can often not be called back. If you wish to withdraw only some purposes, this \
consent is withdrawn and a new one is recorded with the purposes that you still agree to.\n\
\n\
Your rights\n\
You may see your photographs, get copies of them and of this consent, have mistakes corrected, and ask \
which use was made of them. You may complain to the data protection authority that is responsible for \
this practice.\n\
\n\
By agreeing you confirm that you have read or been read this text, that you could ask questions, and \
that you understood the answers. If you sign for somebody else, you confirm that you are entitled to.\n\
\n\
What I agree to",
    purposes: &[
        FormPurpose {
            purpose: Purpose::ClinicalRecord,
            label: "Clinical record",
            description: "Photographs may be taken and kept in my medical record, for my diagnosis and \
                          treatment. Needed for any photograph to be taken.",
            required: true,
        },
        FormPurpose {
            purpose: Purpose::TreatingClinicians,
            label: "Sharing with treating clinicians",
            description: "My photographs may be shown or given to other clinicians who take part in my \
                          treatment.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Teaching,
            label: "Teaching",
            description: "My photographs may be shown, without my name, when health professionals are \
                          taught.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Publication,
            label: "Publication",
            description: "My photographs may be published, without my name, in professional literature or at \
                          congresses, on the internet too. It is possible that somebody recognises me.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Marketing,
            label: "Marketing",
            description: "My photographs may be used, without my name, to advertise this practice, on the \
                          internet too. It is possible that somebody recognises me.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Research,
            label: "Research",
            description: "My photographs may be used, without my name, in medical research. A study that \
                          needs a consent of its own will ask me again.",
            required: false,
        },
    ],
};
