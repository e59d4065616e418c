/** The client's own icons: 24 units, 1.7 stroke, round ends. Decorative always; the control around them has the name. */
import type { ReactNode } from "react";

const shapes = {
  patients: (
    <>
      <circle cx="9" cy="8.2" r="3.4" />
      <path d="M2.8 19.4c.5-3.4 3-5.3 6.2-5.3s5.700 1.900 6.200 5.300" />
      <path d="M15.600 5.200a3.200 3.200 0 0 1 0 6M17.600 14.500c2 .6 3.300 2.300 3.600 4.900" />
    </>
  ),
  activity: <path d="M3 12.500h3.800l2.700-7.300 4.600 13.600 2.600-6.300H21" />,
  settings: (
    <>
      <path d="M4 7.500h9M17.500 7.500H20M4 16.500h2.500M11 16.500h9" />
      <circle cx="15.200" cy="7.500" r="2.300" />
      <circle cx="8.800" cy="16.500" r="2.300" />
    </>
  ),
  camera: (
    <>
      <path d="M4.600 7.600h2.900l1.500-2.300h6l1.500 2.300h2.900c.9 0 1.600.7 1.600 1.600v8.300c0 .9-.7 1.600-1.600 1.600H4.600c-.9 0-1.600-.7-1.600-1.600V9.200c0-.9.7-1.600 1.600-1.600Z" />
      <circle cx="12" cy="13" r="3.500" />
    </>
  ),
  calendar: (
    <>
      <rect x="3.500" y="5" width="17" height="15" rx="2.500" />
      <path d="M3.500 9.700h17M8 3v3.600M16 3v3.600" />
    </>
  ),
  consent: (
    <>
      <path d="M6 3.500h8.500L19 8v12.500H6z" />
      <path d="M14 3.500V8.500h5" />
      <path d="m9 14.700 2.200 2.200 4-4.400" />
    </>
  ),
  details: (
    <>
      <rect x="3.500" y="4.500" width="17" height="15" rx="2.500" />
      <circle cx="8.800" cy="10.300" r="1.900" />
      <path d="M5.900 16c.4-1.700 1.400-2.600 2.900-2.600s2.500.9 2.900 2.600M14.500 9.500h3.500M14.500 13.500h3.500" />
    </>
  ),
  search: (
    <>
      <circle cx="10.800" cy="10.800" r="6.300" />
      <path d="m15.500 15.500 5 5" />
    </>
  ),
  plus: <path d="M12 5v14M5 12h14" />,
  minus: <path d="M5 12h14" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  check: <path d="m5 12.800 4.600 4.700L19.300 7" />,
  chevronLeft: <path d="m14.500 5.500-6.500 6.500 6.500 6.500" />,
  chevronRight: <path d="m9.500 5.500 6.500 6.500-6.500 6.500" />,
  chevronDown: <path d="m5.500 9.500 6.500 6.500 6.500-6.500" />,
  arrowUp: <path d="M12 19.500V5M5.500 11.500 12 5l6.500 6.500" />,
  arrowDown: <path d="M12 4.500V19M5.500 12.500 12 19l6.500-6.500" />,
  upload: <path d="M12 16V4.500M7 9l5-5 5 5M4 15.500v3c0 .9.700 1.500 1.500 1.500h13c.800 0 1.500-.6 1.500-1.500v-3" />,
  download: <path d="M12 4v11.500M7 11l5 5 5-5M4 15.500v3c0 .9.700 1.500 1.500 1.500h13c.800 0 1.500-.6 1.500-1.500v-3" />,
  info: (
    <>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 11v5.300M12 7.700v.1" />
    </>
  ),
  warn: (
    <>
      <path d="M12 4 2.800 19.500h18.400z" />
      <path d="M12 10v4.300M12 17v.1" />
    </>
  ),
  zoomIn: (
    <>
      <circle cx="10.800" cy="10.800" r="6.300" />
      <path d="m15.500 15.500 5 5M10.800 8v5.600M8 10.800h5.600" />
    </>
  ),
  zoomOut: (
    <>
      <circle cx="10.800" cy="10.800" r="6.300" />
      <path d="m15.500 15.500 5 5M8 10.800h5.600" />
    </>
  ),
  fit: <path d="M4 9V5.500C4 4.700 4.700 4 5.500 4H9M15 4h3.500c.8 0 1.500.7 1.500 1.500V9M20 15v3.500c0 .8-.7 1.500-1.500 1.500H15M9 20H5.500c-.8 0-1.500-.7-1.500-1.500V15" />,
  sidebar: (
    <>
      <rect x="3.500" y="4.500" width="17" height="15" rx="2.500" />
      <path d="M9.500 4.500v15" />
    </>
  ),
  signOut: <path d="M10 4.500H6c-.8 0-1.500.7-1.500 1.500v12c0 .8.7 1.500 1.500 1.500h4M14.500 8l4 4-4 4M18.500 12H10" />,
  devices: (
    <>
      <rect x="3" y="4.500" width="13" height="10" rx="1.800" />
      <path d="M2.500 18.500h9" />
      <rect x="15" y="10" width="6.500" height="10" rx="1.600" />
    </>
  ),
  light: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 2.800v2M12 19.200v2M2.800 12h2M19.200 12h2M5.500 5.500l1.400 1.400M17.100 17.100l1.400 1.400M5.500 18.500l1.400-1.400M17.100 6.900l1.400-1.400" />
    </>
  ),
  dark: <path d="M19.800 14.200A8.300 8.300 0 0 1 9.800 4.200a8.300 8.300 0 1 0 10 10Z" />,
  system: (
    <>
      <rect x="3" y="4.500" width="18" height="12" rx="2" />
      <path d="M8.500 20h7M12 16.500V20" />
    </>
  ),
  refresh: <path d="M19.500 11a7.700 7.700 0 0 0-14-3.300L3.800 10M3.800 5.300V10h4.700M4.500 13a7.700 7.700 0 0 0 14 3.300l1.700-2.300M20.200 18.700V14h-4.700" />,
  pen: <path d="M4 20l1-4.200L16.200 4.600c.7-.7 1.900-.7 2.600 0l.6.6c.7.7.7 1.900 0 2.600L8.200 19 4 20ZM14 6.800l3.200 3.200" />,
  trash: <path d="M4.500 6.800h15M9.500 6.500V4.300h5v2.200M6.500 7l.8 12.500h9.400L17.500 7M10.200 10.500v5.500M13.800 10.500v5.500" />,
  eye: (
    <>
      <path d="M2.500 12S6 5.800 12 5.800 21.500 12 21.500 12 18 18.200 12 18.200 2.500 12 2.500 12Z" />
      <circle cx="12" cy="12" r="2.800" />
    </>
  ),
  eyeOff: (
    <>
      <path d="M10 6c.6-.1 1.300-.2 2-.2 6 0 9.500 6.200 9.500 6.200s-.9 1.600-2.500 3.200M6.200 7.800A16 16 0 0 0 2.500 12S6 18.200 12 18.200c1.700 0 3.200-.5 4.500-1.200" />
      <path d="M9.900 10.100a2.800 2.800 0 0 0 4 4M3.500 3.500l17 17" />
    </>
  ),
  offline: <path d="M3.500 3.500l17 17M5 12.500c1-.9 2.100-1.600 3.300-2M2.500 8.800c1.200-1 2.500-1.800 3.800-2.400M10.600 5.500c4.100-.5 7.900.8 10.900 3.300M14 10.400c1.900.3 3.600 1.100 5 2.300M8.300 15.900c2.200-1.700 5.200-1.700 7.400 0M12 19.300v.1" />,
  photo: (
    <>
      <rect x="3.500" y="4.500" width="17" height="15" rx="2.500" />
      <circle cx="8.800" cy="9.600" r="1.600" />
      <path d="m4 17 5-4.500 3.500 3 3-2.600 5 4.100" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="10.500" width="14" height="9.500" rx="2" />
      <path d="M8 10.500V8a4 4 0 0 1 8 0v2.500" />
    </>
  ),
  copy: (
    <>
      <rect x="8.500" y="8.500" width="11.500" height="11.500" rx="2" />
      <path d="M15.500 8.500V6c0-1.100-.9-2-2-2H6c-1.100 0-2 .9-2 2v7.500c0 1.100.9 2 2 2h2.500" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shapes[name]}
    </svg>
  );
}

/** The mark: two layers of skin, seen by a lens. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg aria-hidden="true" focusable="false" width={size} height={size} viewBox="0 0 32 32">
      <rect width="32" height="32" rx="9" fill="#0e5a5f" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeWidth="2.6">
        <path d="M22.900 9.600a9.400 9.400 0 1 0 0 12.800" />
        <path d="M19.800 12.600a5 5 0 1 0 0 6.800" opacity=".72" />
      </g>
      <circle cx="22.600" cy="16" r="2.100" fill="#f2b880" />
    </svg>
  );
}
