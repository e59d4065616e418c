/** What pointers, wheel and keys mean, as arithmetic: each gives the similarity by which what is under them moves. */
import { around, chain, IDENTITY, type Matrix, moved, type Point, scaled, times, turned, upright } from "./matrix";

/** How far two fingers turn before the photo does: who only pinches must not tilt it. */
const TWIST_SLACK = 9;

export interface Hand {
  /** Where each pointer is, from the middle of its frame. */
  readonly pointers: ReadonlyMap<number, Point>;
  /** The way of the pointer that went down first. */
  readonly start: Point;
  readonly travelled: number;
  readonly wasPinched: boolean;
  /** How far two fingers have turned, in degrees; null once the photo turns with them. */
  readonly twist: number | null;
}

export const NO_HAND: Hand = { pointers: new Map(), start: { x: 0, y: 0 }, travelled: 0, wasPinched: false, twist: 0 };

export function down(hand: Hand, id: number, point: Point): Hand {
  const pointers = new Map(hand.pointers).set(id, point);
  return pointers.size === 1 ? { ...NO_HAND, pointers, start: point } : { ...hand, pointers, wasPinched: true, twist: 0 };
}

export function up(hand: Hand, id: number): Hand {
  const pointers = new Map(hand.pointers);
  pointers.delete(id);
  return { ...hand, pointers, twist: 0 };
}

/** One pointer moves what it holds; two also scale and turn it. A third is of no account. */
export function move(hand: Hand, id: number, point: Point): { hand: Hand; change: Matrix } {
  const before = hand.pointers.get(id);
  if (!before) return { hand, change: IDENTITY };
  const pointers = new Map(hand.pointers).set(id, point);
  const travelled = Math.max(hand.travelled, Math.hypot(point.x - hand.start.x, point.y - hand.start.y));
  const [first, second] = hand.pointers.keys();
  if (second === undefined) return { hand: { ...hand, pointers, travelled }, change: moved(point.x - before.x, point.y - before.y) };
  if (id !== first && id !== second) return { hand: { ...hand, pointers, travelled }, change: IDENTITY };
  const other = hand.pointers.get(id === first ? second : (first as number)) as Point;
  const { change, twist } = pinch(other, before, point, hand.twist);
  return { hand: { ...hand, pointers, travelled, twist }, change };
}

/** `held` stays, the other finger goes from one point to another. */
function pinch(held: Point, from: Point, to: Point, twist: number | null): { change: Matrix; twist: number | null } {
  const [was, is] = [{ x: from.x - held.x, y: from.y - held.y }, { x: to.x - held.x, y: to.y - held.y }];
  const [before, after] = [Math.hypot(was.x, was.y), Math.hypot(is.x, is.y)];
  if (before < 1 || after < 1) return { change: IDENTITY, twist };
  const by = upright(((Math.atan2(is.y, is.x) - Math.atan2(was.y, was.x)) * 180) / Math.PI);
  const turn = twist === null ? by : 0;
  const so = twist === null ? null : twist + by;
  // What is between the fingers stays between them, also where it does not turn with them.
  const middle = { x: (held.x + from.x) / 2, y: (held.y + from.y) / 2 };
  const shift = moved((to.x - from.x) / 2, (to.y - from.y) / 2);
  const change = times(shift, around(middle, chain(turned(turn), scaled(after / before))));
  return { change, twist: so !== null && Math.abs(so) > TWIST_SLACK ? null : so };
}

/** A turn of the wheel zooms where the pointer is; with Alt it turns the photo. */
export function wheel(point: Point, pixels: number, isPinch: boolean, isTurn: boolean): Matrix {
  return around(point, isTurn ? turned(pixels * 0.1) : scaled(Math.exp(-pixels * (isPinch ? 0.01 : 0.0018))));
}

export const PAN = 60;
export const STEP = 1.25;
/** Degrees; with Shift one. */
export const TURN = 5;

/** What a key does in the middle of the frame; null where it does nothing. `fit` is asked for by 0. */
export function keyed(key: string, isFine: boolean): Matrix | "fit" | null {
  const pan = isFine ? 10 : PAN;
  switch (key) {
    case "ArrowLeft":
      return moved(pan, 0);
    case "ArrowRight":
      return moved(-pan, 0);
    case "ArrowUp":
      return moved(0, pan);
    case "ArrowDown":
      return moved(0, -pan);
    case "+":
    case "=":
      return scaled(STEP);
    case "-":
    case "_":
      return scaled(1 / STEP);
    case "[":
      return turned(-TURN);
    case "{":
      return turned(-1);
    case "]":
      return turned(TURN);
    case "}":
      return turned(1);
    case "0":
      return "fit";
    default:
      return null;
  }
}

const TAP_MOVE = 12;
export const isTap = (hand: Hand): boolean => !hand.wasPinched && hand.travelled < TAP_MOVE;
