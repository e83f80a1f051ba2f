/** Every route of the API, in the order of its documentation. */
import type { Route } from '../define-route.ts'
import * as apiKeys from './api-keys.ts'
import * as artifactContent from './artifact-content.ts'
import * as artifacts from './artifacts.ts'
import * as audit from './audit.ts'
import * as auth from './auth.ts'
import * as batches from './batches.ts'
import * as catalogue from './catalogue.ts'
import * as collections from './collections.ts'
import * as departments from './departments.ts'
import * as events from './events.ts'
import * as graphs from './graphs.ts'
import * as guestDecisions from './guest-decisions.ts'
import * as health from './health.ts'
import * as hookMessages from './hook-messages.ts'
import * as hooks from './hooks.ts'
import * as images from './images.ts'
import * as pictureMetadata from './picture-metadata.ts'
import * as mails from './mails.ts'
import * as members from './members.ts'
import * as models from './models.ts'
import * as outgoingMails from './outgoing-mails.ts'
import * as presetImport from './preset-import.ts'
import * as presets from './presets.ts'
import * as prices from './prices.ts'
import * as reviews from './reviews.ts'
import * as runEvents from './run-events.ts'
import * as runControl from './run-control.ts'
import * as runItems from './run-items.ts'
import * as runs from './runs.ts'
import * as schedules from './schedules.ts'
import * as oidc from './oidc.ts'
import * as passwordResets from './password-resets.ts'
import * as profile from './profile.ts'
import * as secondFactor from './second-factor.ts'
import * as sessions from './sessions.ts'
import * as signUps from './sign-ups.ts'
import * as settings from './settings.ts'
import * as setup from './setup.ts'
import * as sources from './sources.ts'
import * as statistics from './statistics.ts'
import * as tokens from './tokens.ts'
import * as tokenTransfers from './token-transfers.ts'
import * as webhookSecrets from './webhook-secrets.ts'
import * as worker from './worker.ts'
import * as workerTokens from './worker-tokens.ts'

export const routes: readonly Route[] = [
  health.health,
  setup.readSetup,
  setup.setUpOwner,
  signUps.readSignInOptions,
  signUps.startSignUp,
  signUps.sendSignUpCode,
  signUps.verifySignUpRoute,
  passwordResets.startPasswordReset,
  passwordResets.finishPasswordReset,
  profile.readProfile,
  profile.changeProfile,
  profile.changeOwnPassword,
  profile.startEmailChange,
  profile.verifyEmailChange,
  profile.deleteOwnAccountRoute,
  sessions.listSessions,
  sessions.endSession,
  sessions.endOtherSessions,
  secondFactor.prepareSecondFactor,
  secondFactor.confirmSecondFactor,
  secondFactor.renewRecoveryCodes,
  secondFactor.turnOffSecondFactor,
  oidc.startOidc,
  oidc.finishOidc,
  auth.secondStep,
  auth.login,
  auth.refresh,
  auth.logout,
  auth.me,
  settings.readOrganisationSettings,
  settings.changeOrganisationSettings,
  catalogue.listNodeTypes,
  catalogue.readModels,
  catalogue.listSamplers,
  models.listCatalogue,
  models.listInstallations,
  models.uploadModel,
  models.pullModel,
  models.acceptLicence,
  models.dismissInstallation,
  models.removeModel,
  graphs.listGraphs,
  graphs.createGraph,
  graphs.checkGraphRoute,
  graphs.readSavedGraph,
  graphs.saveGraph,
  graphs.listRevisions,
  graphs.readRevision,
  graphs.deleteGraph,
  runs.startRun,
  runs.startGraphRun,
  runs.quoteRun,
  runControl.cancelRuns,
  runs.listRuns,
  runs.readRun,
  runs.retryRun,
  runControl.cancelRun,
  runControl.pauseRun,
  runControl.resumeRun,
  runControl.changePriority,
  runControl.keepRun,
  runItems.listNodeItems,
  runItems.listOutputItems,
  batches.startBatch,
  batches.readBatch,
  batches.listBatchRuns,
  batches.cancelBatch,
  hooks.createHook,
  hooks.listHooks,
  hooks.rotateHook,
  hooks.revokeHook,
  hookMessages.receiveMessage,
  runEvents.followRun,
  events.followEvents,
  events.changeTopics,
  schedules.listSchedules,
  schedules.createSchedule,
  schedules.readSchedule,
  schedules.changeSchedule,
  schedules.pauseSchedule,
  schedules.resumeSchedule,
  schedules.triggerSchedule,
  schedules.backfillSchedule,
  schedules.deleteSchedule,
  reviews.listReviews,
  reviews.readReview,
  reviews.listReviewItems,
  reviews.decideReview,
  reviews.closeReviewRoute,
  webhookSecrets.listDeliveries,
  webhookSecrets.listWebhookSecrets,
  webhookSecrets.createWebhookSecret,
  webhookSecrets.rotateWebhookSecret,
  webhookSecrets.deleteWebhookSecret,
  artifacts.uploadPicture,
  artifacts.readArtifact,
  artifactContent.readContent,
  artifactContent.readThumbnail,
  pictureMetadata.readArtifactMetadata,
  collections.createCollection,
  sources.listSources,
  sources.previewSource,
  images.listImages,
  pictureMetadata.readFileMetadata,
  images.readImage,
  images.deleteImage,
  statistics.readStatisticsRoute,
  statistics.exportStatistics,
  statistics.readRanksRoute,
  tokens.readBalance,
  tokens.issueTokens,
  tokens.distributeTokens,
  tokens.revokeTokens,
  tokens.refundTokens,
  tokens.expireTokens,
  tokenTransfers.listHolders,
  tokenTransfers.listTransfers,
  presets.listPresets,
  presets.createPreset,
  presetImport.importPresets,
  presets.exportPresets,
  presets.readPreset,
  presets.changePreset,
  presets.duplicatePreset,
  presets.deletePreset,
  prices.readPrices,
  prices.writePrices,
  mails.listMails,
  mails.readMail,
  members.listMembers,
  guestDecisions.decideGuests,
  members.readMember,
  members.changeMemberRoute,
  members.disableMemberRoute,
  members.enableMemberRoute,
  members.deleteMemberRoute,
  departments.listDepartments,
  departments.createDepartment,
  departments.readDepartment,
  departments.renameDepartment,
  departments.archiveDepartmentRoute,
  departments.restoreDepartment,
  audit.listAuditEntries,
  audit.exportAuditCsv,
  audit.exportAuditLines,
  outgoingMails.listOutgoingMails,
  outgoingMails.resendMail,
  outgoingMails.giveUpMail,
  apiKeys.listApiKeys,
  apiKeys.createApiKey,
  apiKeys.revokeApiKey,
  workerTokens.listWorkerTokens,
  workerTokens.createWorkerToken,
  workerTokens.revokeWorkerToken,
  workerTokens.listServers,
  worker.registerWorker,
  worker.beatWorker,
  worker.reportProgress,
  worker.fetchArtifact,
  worker.storeResult,
]
