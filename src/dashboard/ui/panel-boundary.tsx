import { Component, type ReactNode } from "react";
import { Failure } from "./failure.tsx";

type Props = { what: string; children: ReactNode };

/** An error inside a panel breaks that panel only. A class, because React catches errors in classes only. */
export class PanelBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { what, children } = this.props;
    const { error } = this.state;
    return error ? <Failure what={what} error={error} onRetry={() => this.setState({ error: null })} /> : children;
  }
}
