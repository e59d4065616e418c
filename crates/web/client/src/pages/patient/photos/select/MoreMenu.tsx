/** What is done less often with the photos that are chosen. */
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import menu from "../../../../app/UserMenu.module.css";
import { photoDetails as texts } from "../../../../i18n/photoDetails";
import { Button } from "../../../../ui/Button";

export interface Item {
  readonly id: string;
  readonly name: string;
  /** The keys that do the same. */
  readonly keys?: string;
  readonly act: () => void;
}

export function MoreMenu({ items, isDisabled }: { items: readonly Item[]; isDisabled: boolean }) {
  return (
    <MenuTrigger>
      <Button size="sm" icon="chevronDown" isDisabled={isDisabled}>
        {texts.more}
      </Button>
      <Popover className={menu.popover ?? ""} placement="top end">
        <Menu className={menu.menu ?? ""} aria-label={texts.actions} onAction={(key) => items.find((it) => it.id === key)?.act()}>
          <MenuSection aria-label={texts.actions}>
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
