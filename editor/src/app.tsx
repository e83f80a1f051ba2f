/** Which page stands at which address; each loads when it is first opened. */
import { Center, Loader } from '@mantine/core'
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router'
import { Shell } from './shell/shell.tsx'
import { Entrance } from './shell/entrance.tsx'
import { PageError } from './shell/page-error.tsx'

const router = createBrowserRouter([
  {
    element: <Entrance />,
    errorElement: <PageError />,
    hydrateFallbackElement: (
      <Center h="100vh">
        <Loader />
      </Center>
    ),
    children: [
      {
        element: <Shell />,
        errorElement: <PageError />,
        children: [
          { index: true, element: <Navigate to="/graphs" replace /> },
          {
            path: 'graphs',
            lazy: async () => ({ Component: (await import('./pages/graphs-page.tsx')).GraphsPage }),
          },
          {
            path: 'graphs/:id',
            lazy: async () => ({ Component: (await import('./pages/editor-page.tsx')).EditorPage }),
          },
          {
            path: 'gallery',
            lazy: async () => ({ Component: (await import('./pages/gallery-page.tsx')).GalleryPage }),
          },
          {
            path: 'gallery/:id',
            lazy: async () => ({ Component: (await import('./pages/image-page.tsx')).ImagePage }),
          },
          {
            path: 'runs',
            lazy: async () => ({ Component: (await import('./pages/runs-page.tsx')).RunsPage }),
          },
          {
            path: 'runs/:id',
            lazy: async () => ({ Component: (await import('./pages/run-page.tsx')).RunPage }),
          },
          {
            path: 'reviews',
            lazy: async () => ({ Component: (await import('./pages/reviews-page.tsx')).ReviewsPage }),
          },
          {
            path: 'reviews/:id',
            lazy: async () => ({ Component: (await import('./pages/review-page.tsx')).ReviewPage }),
          },
          {
            path: 'schedules',
            lazy: async () => ({ Component: (await import('./pages/schedules-page.tsx')).SchedulesPage }),
          },
          {
            path: 'presets',
            lazy: async () => ({ Component: (await import('./pages/presets-page.tsx')).PresetsPage }),
          },
          {
            path: 'tokens',
            lazy: async () => ({ Component: (await import('./pages/tokens-page.tsx')).TokensPage }),
          },
          {
            path: 'settings',
            lazy: async () => ({ Component: (await import('./pages/settings-page.tsx')).SettingsPage }),
          },
          {
            path: 'settings/outgoing-mails',
            lazy: async () => ({
              Component: (await import('./pages/outgoing-mails-page.tsx')).OutgoingMailsPage,
            }),
          },
          {
            path: 'settings/mails',
            lazy: async () => ({ Component: (await import('./pages/mails-page.tsx')).MailsPage }),
          },
          {
            path: 'settings/mails/:id',
            lazy: async () => ({ Component: (await import('./pages/mail-page.tsx')).MailPage }),
          },
          {
            path: 'profile',
            lazy: async () => ({ Component: (await import('./pages/profile-page.tsx')).ProfilePage }),
          },
          {
            path: 'statistics',
            lazy: async () => ({ Component: (await import('./pages/statistics-page.tsx')).StatisticsPage }),
          },
          {
            path: 'members',
            lazy: async () => ({ Component: (await import('./pages/members-page.tsx')).MembersPage }),
          },
          {
            path: 'audit',
            lazy: async () => ({ Component: (await import('./pages/audit-page.tsx')).AuditPage }),
          },
          {
            path: 'servers',
            lazy: async () => ({ Component: (await import('./pages/servers-page.tsx')).ServersPage }),
          },
          {
            path: 'models',
            lazy: async () => ({ Component: (await import('./pages/models-page.tsx')).ModelsPage }),
          },
          { path: '*', lazy: async () => ({ Component: (await import('./pages/lost-page.tsx')).LostPage }) },
        ],
      },
    ],
  },
])

export const App = () => <RouterProvider router={router} />
