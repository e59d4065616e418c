import { Component, type ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Empty } from "../ui/parts";

interface Props {
  children: ReactNode;
  /** A change of it tries again, as when the person goes to another page. */
  place: string;
}

export class ErrorBoundary extends Component<Props, { failedAt: string | null }> {
  override state: { failedAt: string | null } = { failedAt: null };

  static getDerivedStateFromProps(props: Props, state: { failedAt: string | null }) {
    return state.failedAt !== null && state.failedAt !== props.place && state.failedAt !== "" ? { failedAt: null } : null;
  }

  override componentDidCatch(): void {
    this.setState({ failedAt: this.props.place });
  }

  static getDerivedStateFromError() {
    return { failedAt: "" };
  }

  override render(): ReactNode {
    if (this.state.failedAt === null) return this.props.children;
    return (
      <div role="alert">
        <Empty icon="warn" title={t.common.crashTitle} action={<Button onPress={() => location.reload()}>{t.common.reload}</Button>}>
          {t.common.crashText}
        </Empty>
      </div>
    );
  }
}
