/** What the API answers, under the names that the pages use; the shapes are the API's own description. */
import type { components } from './__generated__/openapi.ts'

type Schemas = components['schemas']

export interface Page<T> {
  items: T[]
  /** A number where it is a place in a list. */
  nextCursor: string | number | null
}

export type Member = Schemas['Member']
export type SignedIn = Schemas['SignedIn']
export type Health = Schemas['Health']
export type Model = Schemas['Model']
export type Installation = Schemas['Installation']
export type CatalogueModel = Schemas['CatalogueModel']
export type Server = Schemas['Server']
export type SecretKey = Schemas['Key']
export type ApiKey = Schemas['ApiKey']
export type MailSummary = Schemas['MailSummary']
export type CaughtMail = Schemas['CaughtMail']
export type GraphSummary = Schemas['GraphSummary']
export type Collection = Schemas['Collection']
export type PictureLink = Schemas['PictureLink']
export type PictureMetadata = Schemas['PictureMetadata']
export type UploadedPicture = Schemas['UploadedPicture']
export type RunQuote = Schemas['RunQuote']
export type Run = Schemas['Run']
export type SavedGraph = Schemas['SavedGraph']
export type RunSummary = Schemas['RunSummary']
export type NodeRun = Schemas['NodeRun']
export type NodeItem = Schemas['NodeItem']
export type OutputItem = Schemas['OutputItem']
export type GalleryImage = Schemas['GalleryImage']
export type GalleryImageDetail = Schemas['GalleryImageDetail']
export type Review = Schemas['Review']
export type ReviewItem = Schemas['ReviewItem']
export type WebhookSecret = Schemas['WebhookSecret']
export type ShownWebhookSecret = Schemas['ShownWebhookSecret']
export type Schedule = Schemas['Schedule']
export type TokenBalance = Schemas['TokenBalance']
export type TokenHolder = Schemas['TokenHolder']
export type TokenTransfer = Schemas['TokenTransfer']
export type Preset = Schemas['Preset']
export type ImportedPresets = Schemas['ImportedPresets']
export type PriceList = Schemas['PriceList']
