/** Lucide's icons under the names by which the client uses them. Always decorative; the control around them has the name. */
import {
  Activity,
  ArrowDown,
  ArrowUp,
  Calendar,
  Camera,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  Copy,
  Download,
  Eye,
  EyeOff,
  FileCheck,
  IdCard,
  GripVertical,
  Image,
  Info,
  Columns2,
  LayoutGrid,
  Link2,
  Link2Off,
  ArrowLeftRight,
  MoveHorizontal,
  List,
  ListChecks,
  ListFilter,
  Lock,
  LogOut,
  Maximize,
  Minus,
  Monitor,
  MonitorSmartphone,
  Moon,
  PanelLeft,
  Pencil,
  Plus,
  RefreshCw,
  RotateCcw,
  RotateCw,
  Search,
  SlidersHorizontal,
  Sun,
  Tag,
  Trash2,
  Undo2,
  TriangleAlert,
  Upload,
  Users,
  WifiOff,
  X,
} from "lucide-react";

const icons = {
  activity: Activity,
  arrowDown: ArrowDown,
  arrowUp: ArrowUp,
  calendar: Calendar,
  camera: Camera,
  check: Check,
  chevronDown: ChevronDown,
  chevronLeft: ChevronLeft,
  chevronRight: ChevronRight,
  close: X,
  consent: FileCheck,
  copy: Copy,
  dark: Moon,
  details: IdCard,
  devices: MonitorSmartphone,
  download: Download,
  eye: Eye,
  eyeOff: EyeOff,
  cards: LayoutGrid,
  compare: Columns2,
  filter: ListFilter,
  fit: Maximize,
  grip: GripVertical,
  image: Image,
  info: Info,
  light: Sun,
  link: Link2,
  unlink: Link2Off,
  swap: ArrowLeftRight,
  split: MoveHorizontal,
  list: List,
  lock: Lock,
  minus: Minus,
  offline: WifiOff,
  patients: Users,
  pen: Pencil,
  plus: Plus,
  refresh: RefreshCw,
  search: Search,
  select: ListChecks,
  settings: SlidersHorizontal,
  sidebar: PanelLeft,
  signOut: LogOut,
  system: Monitor,
  tag: Tag,
  trash: Trash2,
  undo: Undo2,
  turnLeft: RotateCcw,
  turnRight: RotateCw,
  upload: Upload,
  warn: TriangleAlert,
} as const;

export type IconName = keyof typeof icons;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  const Shape = icons[name];
  return <Shape size={size} strokeWidth={1.7} aria-hidden="true" />;
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
