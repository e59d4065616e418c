//! The standard form in French.

use super::{Form, FormPurpose};
use crate::Purpose;

pub(super) const V1: Form = Form {
    template: "standard",
    version: 1,
    language: "fr",
    title: "Consentement à la photographie clinique",
    text: "\
Ce qui est photographié\n\
Nous souhaitons photographier votre peau ou la partie du corps qui est examinée ou traitée. Nous ne \
photographions pas plus que nécessaire. Votre visage, des tatouages ou des cicatrices peuvent vous \
rendre reconnaissable ; nous évitons de les montrer lorsqu'ils n'importent pas pour vos soins.\n\
\n\
Pourquoi\n\
Les photographies nous permettent de suivre l'évolution de votre peau, de planifier et de contrôler \
votre traitement, et de comparer l'avant et l'après. La photographie fait partie de votre documentation \
médicale.\n\
\n\
Comment les photographies sont conservées\n\
Vos photographies sont conservées chiffrées sur un ordinateur qui appartient à ce cabinet, avec la date \
de la prise de vue et la partie du corps concernée. Elles ne sont pas mises sur Internet, sauf si vous \
l'acceptez ci-dessous. Le cabinet peut garder des copies de sauvegarde chiffrées à un endroit de son \
choix.\n\
\n\
Qui peut les voir\n\
Les personnes qui vous soignent dans ce cabinet et leurs collaborateurs, après s'être identifiés \
personnellement. Le cabinet tient un journal protégé de ce qui est fait de vos photographies. Personne \
d'autre ne les voit, sauf si vous l'acceptez ci-dessous ou si la loi l'exige.\n\
\n\
Combien de temps\n\
Comme elles font partie de votre dossier médical, les photographies sont conservées aussi longtemps que \
la loi et le délai de conservation de ce cabinet l'exigent. Ensuite, elles peuvent être effacées. Si un \
jour de fin est indiqué pour ce consentement, aucune nouvelle photographie n'est prise sur sa base à \
partir de ce jour.\n\
\n\
Votre choix\n\
Le consentement est libre. Si vous ne consentez pas, vous recevrez tout de même des soins ; seul le \
suivi de votre traitement par la photographie ne sera pas possible. La première des finalités ci-dessous \
est nécessaire pour que des photographies soient prises. Chacune des autres est un choix séparé, et y \
renoncer n'entraîne aucun désavantage pour vous.\n\
\n\
Si vous changez d'avis\n\
Vous pouvez retirer ce consentement à tout moment, dans son ensemble, en l'annonçant à ce cabinet. Vous \
n'avez pas à donner de raison, et vos soins n'en souffrent pas. Dès ce moment, nous ne prenons plus de \
nouvelles photographies sur la base de ce consentement et n'utilisons plus celles qui existent pour \
aucune des autres finalités ci-dessous. Les photographies déjà prises restent dans votre dossier \
médical, que le cabinet doit tenir complet. Ce qui a déjà été publié ou transmis ne peut souvent plus \
être repris. Si vous souhaitez ne retirer que certaines finalités, ce consentement est retiré et un \
nouveau est enregistré avec celles que vous acceptez encore.\n\
\n\
Vos droits\n\
Vous pouvez voir vos photographies, en recevoir des copies ainsi que de ce consentement, faire corriger \
des erreurs et demander à quoi elles ont servi. Vous pouvez adresser une plainte à l'autorité de \
protection des données compétente pour ce cabinet.\n\
\n\
En acceptant, vous confirmez que vous avez lu ce texte ou qu'il vous a été lu, que vous avez pu poser \
des questions et que vous avez compris les réponses. Si vous signez pour une autre personne, vous \
confirmez que vous en avez le droit.\n\
\n\
Ce que j'accepte",
    purposes: &[
        FormPurpose {
            purpose: Purpose::ClinicalRecord,
            label: "Dossier médical",
            description: "Des photographies peuvent être prises pour mon diagnostic et mon traitement et \
                          conservées dans mon dossier médical. Sans cela, aucune photographie n'est prise.",
            required: true,
        },
        FormPurpose {
            purpose: Purpose::TreatingClinicians,
            label: "Partage avec les soignants",
            description: "Mes photographies peuvent être montrées ou remises à d'autres professionnels qui \
                          participent à mon traitement.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Teaching,
            label: "Enseignement",
            description: "Mes photographies peuvent être montrées, sans mon nom, dans la formation de \
                          professionnels de la santé.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Publication,
            label: "Publication",
            description: "Mes photographies peuvent être publiées, sans mon nom, dans la littérature \
                          spécialisée ou lors de congrès, y compris sur Internet. Il est possible que \
                          quelqu'un me reconnaisse.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Marketing,
            label: "Publicité",
            description: "Mes photographies peuvent être utilisées, sans mon nom, pour la publicité de ce \
                          cabinet, y compris sur Internet. Il est possible que quelqu'un me reconnaisse.",
            required: false,
        },
        FormPurpose {
            purpose: Purpose::Research,
            label: "Recherche",
            description: "Mes photographies peuvent être utilisées, sans mon nom, dans la recherche \
                          médicale. Une étude qui exige son propre consentement me le demandera à nouveau.",
            required: false,
        },
    ],
};
