/** Where live sync is spoken, and the browser's way there. What is said is in `live/`. */
const ADDRESS = "/api/v1/live";
const PROTOCOL = "cutis.live.1";

/** What a WebSocket tells. */
export interface WireEvents {
  readonly opened: () => void;
  readonly heard: (data: unknown) => void;
  readonly closed: (code: number) => void;
}

/** As much of a WebSocket as is used. */
export interface Wire {
  /** False when it is closing or closed already. */
  readonly send: (text: string) => boolean;
  readonly close: () => void;
}

export function openWire(events: WireEvents): Wire {
  const socket = new WebSocket(new URL(ADDRESS, location.href.replace(/^http/, "ws")), PROTOCOL);
  socket.addEventListener("open", events.opened);
  socket.addEventListener("message", ({ data }) => events.heard(data));
  socket.addEventListener("close", ({ code }) => events.closed(code));
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
    close: () => socket.close(),
  };
}
