-- CreateEnum
CREATE TYPE "RunTrigger" AS ENUM ('hand', 'api', 'retry', 'schedule', 'batch', 'webhook');

-- CreateEnum
CREATE TYPE "OverlapPolicy" AS ENUM ('skip', 'buffer_one', 'buffer_all', 'allow_all', 'cancel_other');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "TransferKind" ADD VALUE 'revoke';
ALTER TYPE "TransferKind" ADD VALUE 'refund';

-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "expiresAt" TIMESTAMPTZ(3),
ADD COLUMN     "graphIds" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "batchId" UUID,
ADD COLUMN     "control" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "controlSent" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "graphRevision" INTEGER,
ADD COLUMN     "keptAt" TIMESTAMPTZ(3),
ADD COLUMN     "parentRunId" UUID,
ADD COLUMN     "pausedAt" TIMESTAMPTZ(3),
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 2,
ADD COLUMN     "reference" TEXT,
ADD COLUMN     "saved" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "scheduleId" UUID,
ADD COLUMN     "trigger" "RunTrigger" NOT NULL DEFAULT 'hand';

-- AlterTable
ALTER TABLE "NodeRun" ADD COLUMN     "itemsCached" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "itemsFailed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "saved" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "NodeRunItem" ADD COLUMN     "cacheKey" TEXT,
ADD COLUMN     "saved" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "GraphRevision" (
    "graphId" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "savedById" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "GraphRevision_pkey" PRIMARY KEY ("graphId","revision")
);

-- CreateTable
CREATE TABLE "CacheEntry" (
    "departmentId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "nodeId" TEXT NOT NULL,
    "itemIndex" INTEGER NOT NULL,
    "itemName" TEXT NOT NULL,
    "outputs" JSONB,
    "artifactKeys" TEXT[],
    "cost" BIGINT NOT NULL DEFAULT 0,
    "hits" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CacheEntry_pkey" PRIMARY KEY ("departmentId","key")
);

-- CreateTable
CREATE TABLE "IdempotencyKey" (
    "memberId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subjectId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("memberId","key")
);

-- CreateTable
CREATE TABLE "RunBatch" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "graphId" UUID,
    "count" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunBatch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RunEventLog" (
    "id" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL,
    "runId" UUID NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "body" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RunEventLog_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Schedule" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "graphId" UUID NOT NULL,
    "revision" INTEGER,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "timing" JSONB NOT NULL,
    "timeZone" TEXT NOT NULL DEFAULT 'UTC',
    "overlap" "OverlapPolicy" NOT NULL DEFAULT 'skip',
    "catchUpSeconds" INTEGER NOT NULL DEFAULT 600,
    "inputs" JSONB NOT NULL DEFAULT '{}',
    "params" JSONB NOT NULL DEFAULT '{}',
    "pausedAt" TIMESTAMPTZ(3),
    "stoppedBecause" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GraphHook" (
    "id" UUID NOT NULL,
    "graphId" UUID NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sealedSecret" TEXT NOT NULL,
    "revision" INTEGER,
    "mapping" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "GraphHook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookSecret" (
    "id" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "WebhookSecret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WebhookDelivery" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "runId" UUID,
    "departmentId" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "sealedSecret" TEXT,
    "body" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "status" INTEGER,
    "lastError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deliveredAt" TIMESTAMPTZ(3),
    "givenUpAt" TIMESTAMPTZ(3),

    CONSTRAINT "WebhookDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OutgoingMail" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "toName" TEXT NOT NULL,
    "toAddress" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "lastError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sentAt" TIMESTAMPTZ(3),
    "givenUpAt" TIMESTAMPTZ(3),

    CONSTRAINT "OutgoingMail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Review" (
    "id" UUID NOT NULL,
    "runId" UUID NOT NULL,
    "nodeId" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "reviewerIds" UUID[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decidedAt" TIMESTAMPTZ(3),
    "toldAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReviewItem" (
    "reviewId" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "image" JSONB NOT NULL,
    "made" JSONB,
    "accepted" BOOLEAN,
    "comment" TEXT,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ReviewItem_pkey" PRIMARY KEY ("reviewId","index")
);

-- CreateTable
CREATE TABLE "PriceList" (
    "version" INTEGER NOT NULL,
    "prices" JSONB NOT NULL,
    "note" TEXT,
    "byId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PriceList_pkey" PRIMARY KEY ("version")
);

-- CreateIndex
CREATE INDEX "CacheEntry_artifactKeys_idx" ON "CacheEntry" USING GIN ("artifactKeys");

-- CreateIndex
CREATE INDEX "CacheEntry_lastUsedAt_idx" ON "CacheEntry"("lastUsedAt");

-- CreateIndex
CREATE INDEX "CacheEntry_runId_idx" ON "CacheEntry"("runId");

-- CreateIndex
CREATE INDEX "RunBatch_ownerId_createdAt_idx" ON "RunBatch"("ownerId", "createdAt");

-- CreateIndex
CREATE INDEX "RunEventLog_xid_id_idx" ON "RunEventLog"("xid", "id");

-- CreateIndex
CREATE INDEX "RunEventLog_createdAt_idx" ON "RunEventLog"("createdAt");

-- CreateIndex
CREATE INDEX "Schedule_departmentId_createdAt_idx" ON "Schedule"("departmentId", "createdAt");

-- CreateIndex
CREATE INDEX "GraphHook_graphId_idx" ON "GraphHook"("graphId");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookSecret_departmentId_name_key" ON "WebhookSecret"("departmentId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookDelivery_key_key" ON "WebhookDelivery"("key");

-- CreateIndex
CREATE INDEX "WebhookDelivery_nextAt_idx" ON "WebhookDelivery"("nextAt");

-- CreateIndex
CREATE INDEX "WebhookDelivery_runId_idx" ON "WebhookDelivery"("runId");

-- CreateIndex
CREATE UNIQUE INDEX "OutgoingMail_key_key" ON "OutgoingMail"("key");

-- CreateIndex
CREATE INDEX "OutgoingMail_nextAt_idx" ON "OutgoingMail"("nextAt");

-- CreateIndex
CREATE INDEX "Review_departmentId_decidedAt_idx" ON "Review"("departmentId", "decidedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Review_runId_nodeId_key" ON "Review"("runId", "nodeId");

-- CreateIndex
CREATE INDEX "Run_ownerId_reference_idx" ON "Run"("ownerId", "reference");

-- CreateIndex
CREATE INDEX "Run_batchId_idx" ON "Run"("batchId");

-- CreateIndex
CREATE INDEX "Run_scheduleId_createdAt_idx" ON "Run"("scheduleId", "createdAt");

-- AddForeignKey
ALTER TABLE "GraphRevision" ADD CONSTRAINT "GraphRevision_graphId_fkey" FOREIGN KEY ("graphId") REFERENCES "Graph"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Schedule" ADD CONSTRAINT "Schedule_graphId_fkey" FOREIGN KEY ("graphId") REFERENCES "Graph"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GraphHook" ADD CONSTRAINT "GraphHook_graphId_fkey" FOREIGN KEY ("graphId") REFERENCES "Graph"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReviewItem" ADD CONSTRAINT "ReviewItem_reviewId_fkey" FOREIGN KEY ("reviewId") REFERENCES "Review"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand: Prisma's schema cannot say it.

ALTER TABLE "Run" ADD CONSTRAINT "Run_priority_check" CHECK ("priority" BETWEEN 1 AND 5);
ALTER TABLE "Run" ADD CONSTRAINT "Run_control_check" CHECK (0 <= "controlSent" AND "controlSent" <= "control" AND "saved" >= 0);
ALTER TABLE "NodeRun" ADD CONSTRAINT "NodeRun_parts_check"
  CHECK (0 <= "itemsCached" AND "itemsCached" <= "itemsDone" AND 0 <= "itemsFailed" AND "saved" >= 0);
ALTER TABLE "CacheEntry" ADD CONSTRAINT "CacheEntry_check" CHECK ("key" ~ '^[0-9a-f]{64}$' AND "cost" >= 0 AND "hits" >= 0);
ALTER TABLE "Schedule" ADD CONSTRAINT "Schedule_sent_check" CHECK (0 <= "sent" AND "sent" <= "version" AND "catchUpSeconds" >= 0);

-- A version of the price list is never changed: runs were quoted with it.
CREATE TRIGGER "PriceList_append_only" BEFORE UPDATE OR DELETE ON "PriceList"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

INSERT INTO "PriceList" ("version", "prices", "note") VALUES
  (1, '{"image": 1, "promptSuggestion": 1, "trainingBase": 1000, "trainingPerImageEpoch": 1}', 'The list that the studio comes with.');

-- Every graph has its latest state among its revisions.
INSERT INTO "GraphRevision" ("graphId", "revision", "document", "savedById", "createdAt")
SELECT "id", "revision", "document", "ownerId", "updatedAt" FROM "Graph";

-- Keys outlive the runs that were made with them.
INSERT INTO "IdempotencyKey" ("memberId", "key", "requestHash", "kind", "subjectId", "createdAt")
SELECT "ownerId", "idempotencyKey", "requestHash", 'run', "id", "createdAt" FROM "Run" WHERE "idempotencyKey" IS NOT NULL;
