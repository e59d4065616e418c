import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useState } from "react";
import { UNSAFE_PortalProvider } from "react-aria/PortalProvider";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { t } from "../i18n";
import { NotFound } from "../pages/NotFound";
import { PatientsPage } from "../pages/patients/PatientsPage";
import { SignInPage } from "../pages/sign-in/SignInPage";
import { makeQueryClient } from "../resources/queryClient";
import { setupQuery } from "../resources/setup";
import { DiscardQuestion } from "../ui/DiscardQuestion";
import { Failed, Skeleton } from "../ui/parts";
import { Toasts } from "../ui/toasts";
import { ErrorBoundary } from "./ErrorBoundary";
import { later, useParts } from "./later";
import { layers } from "./layers";
import { Lock } from "./Lock";
import { placeHook } from "./place";
import { HandedOver } from "./HandedOver";
import { useHandOver } from "./handOver";
import { SessionProvider, useSession } from "./session";
import { Shell } from "./Shell";
import { Splash } from "./Splash";

const page = { waiting: <Skeleton rows={8} /> };
// The most likely first: in this order they are fetched.
const PatientPage = later(() => import("../pages/patient/PatientPage").then((it) => it.PatientPage), { waiting: <Skeleton rows={3} shape="card" /> });
const VisitPage = later(() => import("../pages/patient/visits/VisitPage").then((it) => it.VisitPage), { waiting: <Skeleton rows={3} shape="card" /> });
const ComparePage = later(() => import("../compare/ComparePage").then((it) => it.ComparePage), { waiting: <Skeleton rows={2} shape="card" /> });
const ActivityPage = later(() => import("../pages/activity/ActivityPage").then((it) => it.ActivityPage), page);
const SessionsPage = later(() => import("../pages/settings/SessionsPage").then((it) => it.SessionsPage), page);
const TagsPage = later(() => import("../pages/tags/TagsPage").then((it) => it.TagsPage), page);
const AddDevicePage = later(() => import("../pages/settings/AddDevicePage").then((it) => it.AddDevicePage), page);
const SettingsPage = later(() => import("../pages/settings/SettingsPage").then((it) => it.SettingsPage), page);
/** Once in the life of a practice. */
const SetupPage = later(() => import("../pages/setup/SetupPage").then((it) => it.SetupPage), { waiting: <Splash />, isRare: true });

// A record that is opened by its address need not wait until it is known who is signed in.
if (location.pathname.startsWith("/patients/")) PatientPage.preload().catch(() => undefined);

export function App() {
  const [client] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={client}>
      <I18nProvider locale={t.locale}>
        <SessionProvider>
          <Frame />
        </SessionProvider>
      </I18nProvider>
    </QueryClientProvider>
  );
}

/** Everything a person may see, and over it the sheet that hides it when their session has ended (R0). */
function Frame() {
  const { lock, presence } = useSession();
  // N6: a patient is told in the words of the hand-over, and the way back is its own.
  const { isHandedOver } = useHandOver();
  const isLocked = lock !== null && !isHandedOver;
  useLayoutEffect(() => {
    const over = layers();
    over.inert = isLocked;
    over.className = isLocked ? "put-away" : "";
  }, [isLocked]);
  return (
    <>
      <div inert={isLocked} aria-hidden={isLocked || undefined} className={isLocked ? "put-away" : undefined}>
        <UNSAFE_PortalProvider getContainer={layers}>
          <Router hook={placeHook}>
            <Pages />
            <DiscardQuestion />
            <Toasts />
          </Router>
        </UNSAFE_PortalProvider>
      </div>
      {isLocked && presence && <Lock why={lock} me={presence.me} />}
    </>
  );
}

function Pages() {
  const { presence, error, retry } = useSession();
  useParts();
  const [place] = useLocation();
  if (presence === undefined) {
    return error ? <Failed error={error} onRetry={retry} /> : <Splash />;
  }
  return (
    <ErrorBoundary place={place}>{presence ? <Inside key={presence.me.accountId} presence={presence} /> : <Outside />}</ErrorBoundary>
  );
}

/** Nobody is signed in: set-up on a new server, otherwise sign-in at the same address, to continue there afterwards. */
function Outside() {
  const [place] = useLocation();
  const setup = useQuery(setupQuery());
  if (setup.isPending) return <Splash />;
  if (setup.isError) return <Failed error={setup.error} onRetry={() => void setup.refetch()} />;
  if (setup.data.needed) return place === "/setup" ? <SetupPage policy={setup.data.passwordPolicy === "passphrase" ? "passphrase" : "complex"} /> : <Redirect to="/setup" replace />;
  return place === "/setup" ? <Redirect to="/" replace /> : <SignInPage />;
}

// A type, not an interface: wouter wants an index signature, which only a type has by itself.
type PatientPlace = { patientId: string; tab?: string; imageId?: string };
type VisitPlace = { patientId: string; entryId: string; imageId?: string };

function Inside({ presence }: { presence: NonNullable<ReturnType<typeof useSession>["presence"]> }) {
  const [place] = useLocation();
  const { isHandedOver, isHere } = useHandOver();
  if (isHandedOver && !isHere) return <HandedOver />;
  return (
    <Shell presence={presence}>
      <ErrorBoundary place={place}>
        <Switch>
          <Route path="/">
            <Redirect to="/patients" replace />
          </Route>
          <Route path="/setup">
            <Redirect to="/patients" replace />
          </Route>
          <Route path="/patients" component={PatientsPage} />
          <Route<VisitPlace> path="/patients/:patientId/visits/:entryId/:imageId?">
            {({ patientId, entryId, imageId }) => <VisitPage key={entryId} patientId={patientId} entryId={entryId} imageId={imageId ?? null} />}
            </Route>
          <Route<{ patientId: string; comparisonId?: string }> path="/patients/:patientId/compare/:comparisonId?">
            {({ patientId, comparisonId }) => <ComparePage key={patientId} patientId={patientId} comparisonId={comparisonId ?? null} />}
          </Route>
          <Route<PatientPlace> path="/patients/:patientId/:tab?/:imageId?">
            {({ patientId, tab, imageId }) => (
              <PatientPage key={patientId} patientId={patientId} tab={tab ?? "visits"} imageId={imageId ?? null} />
            )}
          </Route>
          <Route path="/activity" component={ActivityPage} />
          <Route path="/devices" component={SessionsPage} />
          <Route path="/devices/add" component={AddDevicePage} />
          <Route path="/tags">
            <Redirect to="/settings/tags" replace />
          </Route>
          <Route path="/settings/tags" component={TagsPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route component={NotFound} />
        </Switch>
      </ErrorBoundary>
    </Shell>
  );
}
