/** The text of a consent form, with its headings as headings. */
import { paragraphsOf } from "./paragraphs";

export function FormText({ text }: { text: string }) {
  return paragraphsOf(text).map(({ heading, words }) => (
    <div key={`${heading ?? ""} ${words}`}>
      {heading && <h4>{heading}</h4>}
      <p>{words}</p>
    </div>
  ));
}
