/** The text of a consent form as a document: its headings as headings, of the level below that of its title. */
import { documentOf } from "./paragraphs";
import styles from "./FormText.module.css";

export function FormText({ text, level = 4 }: { text: string; level?: 2 | 4 }) {
  const Heading = `h${level}` as const;
  return (
    <div className={styles.document}>
      {documentOf(text).sections.map(({ heading, paragraphs }) => (
        <section key={`${heading ?? ""} ${paragraphs[0] ?? ""}`}>
          {heading && <Heading>{heading}</Heading>}
          {paragraphs.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </section>
      ))}
    </div>
  );
}
