import { useRef, useState } from "react";
import { Link } from "wouter";
import type { PatientFilter, Tag, TagCategoryWithTags } from "../../api/types";
import { remember } from "../../app/sealed";
import { useTitle } from "../../app/useTitle";
import { t } from "../../i18n";
import { tags as texts } from "../../i18n/tags";
import { useMoveCategory, useTags } from "../../resources/tags";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/icons";
import { Empty, Failed, FormProblem, PageHeader, Skeleton } from "../../ui/parts";
import { TagDot } from "../../tags/TagChips";
import { CategoryDialog, DeleteCategoryDialog } from "./CategoryDialog";
import { TagDialog } from "./TagDialog";
import { usesShort } from "./uses";
import { useRowDrag } from "../../ui/useRowDrag";
import styles from "./TagsPage.module.css";

const g = texts;
const p = g.page;

/** The list of patients that have a tag: what it asks for is remembered as the list itself does, and stands in no address (C41). */
function askFor(tag: Tag): void {
  remember("patients.search", "");
  remember("patients.filter", { tags: { allOf: [tag.id] } } satisfies PatientFilter);
}

type Asked =
  | { what: "category"; category: TagCategoryWithTags | null }
  | { what: "delete-category"; category: TagCategoryWithTags }
  | { what: "tag"; tag: Tag | null; category: TagCategoryWithTags }
  | null;

/** T1, T3: an account's categories in their order, and their tags. */
export function TagsPage() {
  useTitle(g.title);
  const { query, categories } = useTags();
  const { move, error } = useMoveCategory();
  const [asked, setAsked] = useState<Asked>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const close = () => setAsked(null);
  const moveAndSay = (category: TagCategoryWithTags, place: number) => {
    if (move(category.id, place)) setSaid(p.moved(category.name, place + 1, categories.length));
  };
  const drag = useRowDrag(list, (from, to) => {
    const category = categories[from];
    if (category) moveAndSay(category, to);
  });
  const add = (
    <Button look="primary" icon="plus" onPress={() => setAsked({ what: "category", category: null })}>
      {p.newCategory}
    </Button>
  );
  return (
    <>
      <PageHeader column title={g.title} lead={g.lead} actions={categories.length > 0 && add} />
      {query.isPending && <Skeleton rows={4} shape="card" />}
      {query.isError && !query.data && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && categories.length === 0 && (
        <Empty icon="tag" title={p.emptyTitle} action={add}>
          {p.emptyText}
        </Empty>
      )}
      <FormProblem error={error} />
      <ol ref={list} className={styles.categories} aria-label={g.title}>
        {categories.map((category, at) => (
          <li key={category.id} className={styles.category} data-dragged={drag.isDragged(at) || undefined} data-target={drag.isTarget(at) || undefined}>
            <header className={styles.head}>
              <span className={styles.grip} title={p.moveHandle(category.name)} aria-hidden="true" {...drag.handle(at)}>
                <Icon name="grip" size={18} />
              </span>
              <TagDot colour={category.colour} />
              <h2>{category.name}</h2>
              {category.tags.length > 0 && <span className={styles.amount}>{p.inCategoryCount(category.tags.length)}</span>}
              <span className={styles.actions}>
                <IconButton icon="arrowUp" label={p.moveUp(category.name)} isDisabled={at === 0} onPress={() => moveAndSay(category, at - 1)} />
                <IconButton icon="arrowDown" label={p.moveDown(category.name)} isDisabled={at === categories.length - 1} onPress={() => moveAndSay(category, at + 1)} />
                <IconButton icon="pen" label={p.editCategoryNamed(category.name)} onPress={() => setAsked({ what: "category", category })} />
                <IconButton icon="plus" label={p.newTagIn(category.name)} onPress={() => setAsked({ what: "tag", tag: null, category })} />
              </span>
            </header>
            {category.tags.length === 0 ? (
              <p className={styles.none}>{p.emptyCategory}</p>
            ) : (
              <ul className={styles.tags} aria-label={category.name}>
                {category.tags.map((tag) => (
                  <li key={tag.id} className={styles.tag} data-archived={tag.archived || undefined}>
                    <button type="button" onClick={() => setAsked({ what: "tag", tag, category })}>
                      <span className={styles.name}>
                        <span className="visually-hidden">{t.common.edit} </span>
                        {tag.name}
                      </span>
                      <span className={styles.uses}>
                        {tag.archived && `${g.archived} · `}
                        {usesShort(tag)}
                      </span>
                    </button>
                    {tag.uses.patients > 0 && (
                      <Link href="/patients" title={p.showPatients} aria-label={p.showPatientsWith(tag.name)} onClick={() => askFor(tag)}>
                        <Icon name="patients" size={18} />
                        <span className={styles.show}>{p.showPatients}</span>
                      </Link>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      {asked?.what === "category" && <CategoryDialog category={asked.category} onClose={close} onDelete={(category) => setAsked({ what: "delete-category", category })} />}
      {asked?.what === "delete-category" && <DeleteCategoryDialog category={asked.category} onClose={close} />}
      {asked?.what === "tag" && <TagDialog tag={asked.tag} category={asked.category} categories={categories} onClose={close} />}
    </>
  );
}
