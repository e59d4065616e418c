/* oxlint-disable react/no-array-index-key -- a text is read anew as a whole: its parts have nothing but their places */
/** Notes as they read. React elements only, never HTML from the text. */
import { Fragment } from "react";
import { type Block, type Inline, type List, parse } from "./markdown";
import styles from "./Notes.module.css";

export function Rendered({ text }: { text: string }) {
  return (
    <div className={styles.rendered} data-testid="rendered-notes">
      {parse(text).map((block, at) => (
        <BlockOf key={at} block={block} />
      ))}
    </div>
  );
}

function BlockOf({ block }: { block: Block }) {
  if (block.kind === "list") return <ListOf list={block} />;
  if (block.kind === "paragraph") return <p>{linesOf(block.lines)}</p>;
  // Below the heading of the section.
  const Heading = (["h3", "h4", "h5"] as const)[block.level - 1] ?? "h5";
  return <Heading>{partsOf(block.parts)}</Heading>;
}

function ListOf({ list }: { list: List }) {
  const items = list.items.map((item, at) => (
    <li key={at}>
      {linesOf(item.lines)}
      {item.lists.map((inner, place) => (
        <ListOf key={place} list={inner} />
      ))}
    </li>
  ));
  return list.isNumbered ? <ol start={list.start}>{items}</ol> : <ul>{items}</ul>;
}

const linesOf = (lines: readonly (readonly Inline[])[]) =>
  lines.map((line, at) => (
    <Fragment key={at}>
      {at > 0 && <br />}
      {partsOf(line)}
    </Fragment>
  ));

function partsOf(parts: readonly Inline[]) {
  return parts.map((part, at) => {
    if (part.kind === "text") return <Fragment key={at}>{part.text}</Fragment>;
    if (part.kind === "link") {
      return (
        <span key={at}>
          {partsOf(part.parts)} <span className={styles.address}>({part.to})</span>
        </span>
      );
    }
    const Mark = part.kind === "bold" ? "strong" : "em";
    return <Mark key={at}>{partsOf(part.parts)}</Mark>;
  });
}
