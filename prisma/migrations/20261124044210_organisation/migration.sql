-- CreateEnum
CREATE TYPE "CodePurpose" AS ENUM ('sign_up', 'change_email', 'reset_password');

-- AlterEnum
ALTER TYPE "AccountKind" ADD VALUE 'pool';

-- AlterTable
ALTER TABLE "Member" ADD COLUMN     "approvedAt" TIMESTAMPTZ(3),
ADD COLUMN     "defaultServerId" TEXT,
ADD COLUMN     "deletedAt" TIMESTAMPTZ(3),
ADD COLUMN     "language" TEXT NOT NULL DEFAULT 'en',
ADD COLUMN     "passwordChangedAt" TIMESTAMPTZ(3),
ADD COLUMN     "totpConfirmedAt" TIMESTAMPTZ(3),
ADD COLUMN     "totpLastStep" BIGINT,
ADD COLUMN     "totpSecret" TEXT,
ALTER COLUMN "passwordHash" DROP NOT NULL;

-- AlterTable
ALTER TABLE "Session" ADD COLUMN     "address" TEXT;

-- AlterTable
ALTER TABLE "GpuServer" ADD COLUMN     "drainingAt" TIMESTAMPTZ(3),
ADD COLUMN     "driver" TEXT;

-- AlterTable
ALTER TABLE "Image" ADD COLUMN     "durationMs" INTEGER,
ADD COLUMN     "graphId" UUID,
ADD COLUMN     "graphName" TEXT,
ADD COLUMN     "inputKeys" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "modelDigest" TEXT,
ADD COLUMN     "negativePrompt" TEXT,
ADD COLUMN     "params" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "parentIds" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "tokens" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "worker" TEXT;

-- AlterTable
ALTER TABLE "OutgoingMail" ADD COLUMN     "html" TEXT;

-- CreateTable
CREATE TABLE "SignUp" (
    "id" UUID NOT NULL,
    "loginId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nickname" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "departmentId" UUID NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignUp_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VerificationCode" (
    "id" UUID NOT NULL,
    "purpose" "CodePurpose" NOT NULL,
    "subjectId" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "VerificationCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignInFailure" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignInFailure_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "RecoveryCode" (
    "memberId" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("memberId","hash")
);

-- CreateTable
CREATE TABLE "OidcIdentity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "OidcIdentity_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "byId" UUID,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorId" UUID,
    "actorName" TEXT NOT NULL,
    "actorRole" TEXT,
    "by" TEXT NOT NULL,
    "keyId" UUID,
    "address" TEXT,
    "userAgent" TEXT,
    "requestId" TEXT,
    "action" TEXT NOT NULL,
    "objectKind" TEXT,
    "objectId" TEXT,
    "objectName" TEXT,
    "departmentId" UUID,
    "outcome" TEXT NOT NULL DEFAULT 'done',
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ServerSample" (
    "serverId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "utilisation" DOUBLE PRECISION,
    "memoryUsedMb" INTEGER,
    "memoryTotalMb" INTEGER,
    "temperature" DOUBLE PRECISION,
    "queueDepth" INTEGER,
    "busy" INTEGER,

    CONSTRAINT "ServerSample_pkey" PRIMARY KEY ("serverId","at")
);

-- CreateTable
CREATE TABLE "Model" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "base" TEXT,
    "concepts" JSONB NOT NULL DEFAULT '[]',
    "licence" TEXT,
    "digest" TEXT,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "channels" INTEGER,
    "note" TEXT,
    "trainingRunId" UUID,
    "sampleKeys" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "ownerId" UUID,
    "departmentId" UUID,
    "visibility" "Visibility" NOT NULL DEFAULT 'everyone',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Preset" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "visibility" "Visibility" NOT NULL DEFAULT 'private',
    "tool" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Preset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Bookmark" (
    "memberId" UUID NOT NULL,
    "imageId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Bookmark_pkey" PRIMARY KEY ("memberId","imageId")
);

-- CreateTable
CREATE TABLE "ImageTag" (
    "imageId" UUID NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "ImageTag_pkey" PRIMARY KEY ("imageId","tag")
);

-- CreateTable
CREATE TABLE "UsageDay" (
    "day" DATE NOT NULL,
    "memberId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "tool" TEXT NOT NULL,
    "model" TEXT NOT NULL DEFAULT '',
    "uses" INTEGER NOT NULL DEFAULT 0,
    "images" INTEGER NOT NULL DEFAULT 0,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "saved" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "UsageDay_pkey" PRIMARY KEY ("day","memberId","departmentId","tool","model")
);

-- CreateTable
CREATE TABLE "TokenRequest" (
    "id" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "amount" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decidedAt" TIMESTAMPTZ(3),
    "decidedById" UUID,
    "approved" BOOLEAN,
    "granted" INTEGER,
    "answer" TEXT,

    CONSTRAINT "TokenRequest_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SignUp_email_idx" ON "SignUp"("email");

-- CreateIndex
CREATE INDEX "VerificationCode_purpose_subjectId_idx" ON "VerificationCode"("purpose", "subjectId");

-- CreateIndex
CREATE INDEX "VerificationCode_expiresAt_idx" ON "VerificationCode"("expiresAt");

-- CreateIndex
CREATE INDEX "SignInFailure_updatedAt_idx" ON "SignInFailure"("updatedAt");

-- CreateIndex
CREATE INDEX "AuditEntry_at_id_idx" ON "AuditEntry"("at", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_departmentId_at_id_idx" ON "AuditEntry"("departmentId", "at", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_actorId_at_id_idx" ON "AuditEntry"("actorId", "at", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_objectId_idx" ON "AuditEntry"("objectId");

-- CreateIndex
CREATE INDEX "Model_departmentId_createdAt_idx" ON "Model"("departmentId", "createdAt");

-- CreateIndex
CREATE INDEX "Preset_ownerId_tool_idx" ON "Preset"("ownerId", "tool");

-- CreateIndex
CREATE INDEX "Preset_departmentId_tool_idx" ON "Preset"("departmentId", "tool");

-- CreateIndex
CREATE INDEX "Bookmark_memberId_createdAt_idx" ON "Bookmark"("memberId", "createdAt");

-- CreateIndex
CREATE INDEX "ImageTag_tag_idx" ON "ImageTag"("tag");

-- CreateIndex
CREATE INDEX "UsageDay_departmentId_day_idx" ON "UsageDay"("departmentId", "day");

-- CreateIndex
CREATE INDEX "UsageDay_memberId_day_idx" ON "UsageDay"("memberId", "day");

-- CreateIndex
CREATE INDEX "TokenRequest_departmentId_decidedAt_idx" ON "TokenRequest"("departmentId", "decidedAt");

-- CreateIndex
CREATE INDEX "TokenRequest_memberId_createdAt_idx" ON "TokenRequest"("memberId", "createdAt");

-- CreateIndex
CREATE INDEX "Image_ownerId_createdAt_idx" ON "Image"("ownerId", "createdAt");

-- AddForeignKey
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OidcIdentity" ADD CONSTRAINT "OidcIdentity_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServerSample" ADD CONSTRAINT "ServerSample_serverId_fkey" FOREIGN KEY ("serverId") REFERENCES "GpuServer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Preset" ADD CONSTRAINT "Preset_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Bookmark" ADD CONSTRAINT "Bookmark_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Bookmark" ADD CONSTRAINT "Bookmark_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImageTag" ADD CONSTRAINT "ImageTag_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "Image"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TokenRequest" ADD CONSTRAINT "TokenRequest_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The audit log grows and nothing else.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of "%" are never changed or deleted.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER "AuditEntry_append_only" BEFORE UPDATE OR DELETE ON "AuditEntry"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "AuditEntry_never_empty" BEFORE TRUNCATE ON "AuditEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
