import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { Link } from "wouter";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./icons";

type Look = "primary" | "secondary" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style" | "isPending"> {
  /** Busy: keeps its place and its focus, and ignores further presses. */
  isPending?: boolean;
  look?: Look;
  size?: "md" | "lg" | "sm";
  icon?: IconName;
  wide?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export function Button({ look = "secondary", size = "md", icon, wide = false, isPending = false, children, ...rest }: ButtonProps) {
  // Not react-aria's own isPending: it announces by reference to the button, which is gone once a dialog has closed.
  const held = isPending ? { onPress: undefined, type: "button" as const } : {};
  return (
    <AriaButton
      {...rest}
      {...held}
      className={styles.button ?? ""}
      data-look={look}
      data-size={size}
      data-wide={wide || undefined}
      data-pending={isPending || undefined}
    >
      {isPending ? <span className={styles.spinner} aria-hidden="true" /> : icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </AriaButton>
  );
}

export interface LinkButtonProps {
  href: string;
  look?: Exclude<Look, "danger">;
  size?: "md" | "sm";
  icon?: IconName;
  /** Kept with the entry of the history. */
  state?: unknown;
  children: ReactNode;
}

/** A link that looks like a button: what it does is to lead somewhere. */
export function LinkButton({ href, look = "secondary", size = "md", icon, state, children }: LinkButtonProps) {
  return (
    <Link href={href} state={state} className={styles.button ?? ""} data-look={look} data-size={size}>
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </Link>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  icon: IconName;
  label: string;
  look?: "quiet" | "stage" | "solid";
  iconSize?: number;
  tip?: boolean;
}

export function IconButton({ icon, label, look = "quiet", iconSize = 20, tip = true, ...rest }: IconButtonProps) {
  const button = (
    <AriaButton {...rest} aria-label={label} className={styles.icon ?? ""} data-look={look}>
      <Icon name={icon} size={iconSize} />
    </AriaButton>
  );
  if (!tip) return button;
  return (
    <TooltipTrigger delay={600}>
      {button}
      <Tooltip offset={6} className={styles.tip ?? ""}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
