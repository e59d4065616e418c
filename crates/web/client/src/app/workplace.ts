/** Where the focus was when a session ended, so that the person goes on there. */
let kept: HTMLElement | null = null;

export function keepWorkplace(): void {
  kept = document.activeElement instanceof HTMLElement ? document.activeElement : null;
}

export function backToWorkplace(): void {
  const place = kept;
  kept = null;
  // Once the page is there again.
  setTimeout(() => {
    if (place?.isConnected) place.focus();
  }, 0);
}
