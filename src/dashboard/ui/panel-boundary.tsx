import { Component, type ReactNode } from "react";
import { Failure } from "./failure.tsx";

type Props = { what: string; children: ReactNode };

/** Keeps what breaks inside of one panel to that panel. React catches errors in classes only. */
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
