/** What is done less often with what is chosen, and what has no room in the bar. */
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import menu from "../app/UserMenu.module.css";
import { Button } from "../ui/Button";

export interface Item {
  readonly id: string;
  readonly name: string;
  /** The keys that do the same. */
  readonly keys?: string;
  readonly isDisabled?: boolean;
  readonly act: () => void;
}

interface Props {
  label: string;
  /** What the menu is called. */
  title: string;
  items: readonly Item[];
  isDisabled: boolean;
}

export function MoreMenu({ label, title, items, isDisabled }: Props) {
  return (
    <MenuTrigger>
      <Button size="sm" isDisabled={isDisabled}>
        {label}
      </Button>
      <Popover className={menu.popover ?? ""} placement="top end">
        <Menu className={menu.menu ?? ""} aria-label={title} disabledKeys={items.filter((it) => it.isDisabled).map((it) => it.id)} onAction={(key) => items.find((it) => it.id === key)?.act()}>
          <MenuSection aria-label={title}>
          {items.map(({ id, name, keys }) => (
            <MenuItem key={id} id={id} textValue={name} className={menu.menuItem ?? ""}>
              {name}
              {keys && <kbd>{keys}</kbd>}
            </MenuItem>
          ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
