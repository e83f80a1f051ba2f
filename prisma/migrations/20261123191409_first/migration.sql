-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('super_admin', 'department_admin', 'department_member', 'guest');

-- CreateEnum
CREATE TYPE "Visibility" AS ENUM ('private', 'department', 'everyone');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "NodeRunState" AS ENUM ('queued', 'holding', 'running', 'cached', 'succeeded', 'failed', 'skipped', 'cancelled');

-- CreateEnum
CREATE TYPE "AccountKind" AS ENUM ('issuer', 'department', 'member', 'revenue', 'expired');

-- CreateEnum
CREATE TYPE "TransferKind" AS ENUM ('issue', 'distribute', 'hold', 'capture', 'release', 'expire');

-- CreateTable
CREATE TABLE "Department" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archivedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Department_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Member" (
    "id" UUID NOT NULL,
    "loginId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nickname" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "departmentId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabledAt" TIMESTAMPTZ(3),

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "refreshHash" TEXT NOT NULL,
    "previousHash" TEXT,
    "userAgent" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WorkerToken" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "WorkerToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GpuServer" (
    "id" TEXT NOT NULL,
    "workerTokenId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "memoryMb" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "models" JSONB NOT NULL DEFAULT '[]',
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "GpuServer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Graph" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "visibility" "Visibility" NOT NULL DEFAULT 'private',
    "document" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Graph_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Run" (
    "id" UUID NOT NULL,
    "graphId" UUID,
    "graphName" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'queued',
    "document" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "quote" INTEGER NOT NULL,
    "idempotencyKey" TEXT,
    "requestHash" TEXT NOT NULL,
    "failure" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dispatchedAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "cancelAskedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "NodeRun" (
    "runId" UUID NOT NULL,
    "nodeId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" "NodeRunState" NOT NULL DEFAULT 'queued',
    "itemsTotal" INTEGER NOT NULL,
    "itemsDone" INTEGER NOT NULL DEFAULT 0,
    "cost" BIGINT NOT NULL DEFAULT 0,
    "failure" JSONB,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "NodeRun_pkey" PRIMARY KEY ("runId","nodeId")
);

-- CreateTable
CREATE TABLE "NodeRunItem" (
    "runId" UUID NOT NULL,
    "nodeId" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" "NodeRunState" NOT NULL,
    "holdId" UUID,
    "execution" INTEGER NOT NULL DEFAULT 1,
    "outputs" JSONB NOT NULL DEFAULT '{}',
    "cost" BIGINT NOT NULL DEFAULT 0,
    "worker" TEXT,
    "failure" JSONB,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "NodeRunItem_pkey" PRIMARY KEY ("runId","nodeId","index")
);

-- CreateTable
CREATE TABLE "Artifact" (
    "key" TEXT NOT NULL,
    "mediaType" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Artifact_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "ArtifactGrant" (
    "artifactKey" TEXT NOT NULL,
    "departmentId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ArtifactGrant_pkey" PRIMARY KEY ("artifactKey","departmentId","memberId")
);

-- CreateTable
CREATE TABLE "Image" (
    "id" UUID NOT NULL,
    "artifactKey" TEXT NOT NULL,
    "maskKey" TEXT,
    "name" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "visibility" "Visibility" NOT NULL DEFAULT 'department',
    "tool" TEXT,
    "prompt" TEXT,
    "model" TEXT,
    "seed" BIGINT,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "runId" UUID,
    "nodeId" TEXT,
    "itemIndex" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Document" (
    "collection" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Document_pkey" PRIMARY KEY ("collection","id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" UUID NOT NULL,
    "kind" "AccountKind" NOT NULL,
    "holderId" UUID,
    "posted" BIGINT NOT NULL DEFAULT 0,
    "pending" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lot" (
    "id" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "granted" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Lot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Transfer" (
    "id" UUID NOT NULL,
    "idem" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "kind" "TransferKind" NOT NULL,
    "debitAccountId" UUID NOT NULL,
    "creditAccountId" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "resolves" UUID,
    "runId" UUID,
    "nodeId" TEXT,
    "memberId" UUID,
    "note" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HoldLot" (
    "transferId" UUID NOT NULL,
    "lotId" UUID NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "HoldLot_pkey" PRIMARY KEY ("transferId","lotId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Department_name_key" ON "Department"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Member_loginId_key" ON "Member"("loginId");

-- CreateIndex
CREATE UNIQUE INDEX "Member_email_key" ON "Member"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_refreshHash_key" ON "Session"("refreshHash");

-- CreateIndex
CREATE UNIQUE INDEX "Session_previousHash_key" ON "Session"("previousHash");

-- CreateIndex
CREATE INDEX "Session_memberId_idx" ON "Session"("memberId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE INDEX "ApiKey_memberId_idx" ON "ApiKey"("memberId");

-- CreateIndex
CREATE UNIQUE INDEX "WorkerToken_hash_key" ON "WorkerToken"("hash");

-- CreateIndex
CREATE INDEX "Graph_departmentId_updatedAt_idx" ON "Graph"("departmentId", "updatedAt");

-- CreateIndex
CREATE INDEX "Run_departmentId_createdAt_idx" ON "Run"("departmentId", "createdAt");

-- CreateIndex
CREATE INDEX "Run_status_dispatchedAt_idx" ON "Run"("status", "dispatchedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Run_ownerId_idempotencyKey_key" ON "Run"("ownerId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "Image_departmentId_createdAt_idx" ON "Image"("departmentId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Image_runId_nodeId_itemIndex_key" ON "Image"("runId", "nodeId", "itemIndex");

-- CreateIndex
CREATE UNIQUE INDEX "Account_kind_holderId_key" ON "Account"("kind", "holderId");

-- CreateIndex
CREATE INDEX "Lot_accountId_expiresAt_idx" ON "Lot"("accountId", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Transfer_idem_key" ON "Transfer"("idem");

-- CreateIndex
CREATE UNIQUE INDEX "Transfer_resolves_key" ON "Transfer"("resolves");

-- CreateIndex
CREATE INDEX "Transfer_runId_idx" ON "Transfer"("runId");

-- CreateIndex
CREATE INDEX "Transfer_debitAccountId_createdAt_idx" ON "Transfer"("debitAccountId", "createdAt");

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_departmentId_fkey" FOREIGN KEY ("departmentId") REFERENCES "Department"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "Member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GpuServer" ADD CONSTRAINT "GpuServer_workerTokenId_fkey" FOREIGN KEY ("workerTokenId") REFERENCES "WorkerToken"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Graph" ADD CONSTRAINT "Graph_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Graph" ADD CONSTRAINT "Graph_departmentId_fkey" FOREIGN KEY ("departmentId") REFERENCES "Department"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_graphId_fkey" FOREIGN KEY ("graphId") REFERENCES "Graph"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Run" ADD CONSTRAINT "Run_departmentId_fkey" FOREIGN KEY ("departmentId") REFERENCES "Department"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "NodeRun" ADD CONSTRAINT "NodeRun_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "NodeRunItem" ADD CONSTRAINT "NodeRunItem_runId_nodeId_fkey" FOREIGN KEY ("runId", "nodeId") REFERENCES "NodeRun"("runId", "nodeId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArtifactGrant" ADD CONSTRAINT "ArtifactGrant_artifactKey_fkey" FOREIGN KEY ("artifactKey") REFERENCES "Artifact"("key") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Image" ADD CONSTRAINT "Image_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "Member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Image" ADD CONSTRAINT "Image_departmentId_fkey" FOREIGN KEY ("departmentId") REFERENCES "Department"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Lot" ADD CONSTRAINT "Lot_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Transfer" ADD CONSTRAINT "Transfer_resolves_fkey" FOREIGN KEY ("resolves") REFERENCES "Transfer"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "HoldLot" ADD CONSTRAINT "HoldLot_transferId_fkey" FOREIGN KEY ("transferId") REFERENCES "Transfer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "HoldLot" ADD CONSTRAINT "HoldLot_lotId_fkey" FOREIGN KEY ("lotId") REFERENCES "Lot"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is written by hand: Prisma's schema cannot say it.

-- The house's own accounts have no holder, and there is one of each kind.
DROP INDEX "Account_kind_holderId_key";
CREATE UNIQUE INDEX "Account_kind_holderId_key" ON "Account"("kind", "holderId") NULLS NOT DISTINCT;

ALTER TABLE "Account"
  ADD CONSTRAINT "Account_holder_check" CHECK (("kind" IN ('department', 'member')) = ("holderId" IS NOT NULL)),
  -- Tokens come from the issuer, which alone may owe, so that all accounts together are 0.
  ADD CONSTRAINT "Account_posted_check" CHECK ("kind" = 'issuer' OR "posted" >= 0),
  ADD CONSTRAINT "Account_pending_check" CHECK ("pending" >= 0 AND ("kind" = 'member' OR "pending" = 0)),
  ADD CONSTRAINT "Account_available_check" CHECK ("kind" = 'issuer' OR "posted" - "pending" >= 0);

ALTER TABLE "Lot"
  ADD CONSTRAINT "Lot_granted_check" CHECK ("granted" > 0 AND "remaining" <= "granted"),
  ADD CONSTRAINT "Lot_held_check" CHECK (0 <= "held" AND "held" <= "remaining");

ALTER TABLE "HoldLot" ADD CONSTRAINT "HoldLot_amount_check" CHECK ("amount" > 0);

ALTER TABLE "Transfer"
  -- A capture of nothing is how work that turned out to be free ends its hold.
  ADD CONSTRAINT "Transfer_amount_check" CHECK ("amount" > 0 OR ("amount" = 0 AND "kind" = 'capture')),
  ADD CONSTRAINT "Transfer_accounts_check" CHECK ("debitAccountId" <> "creditAccountId"),
  ADD CONSTRAINT "Transfer_resolves_check" CHECK (("kind" IN ('capture', 'release')) = ("resolves" IS NOT NULL));

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of "%" are never changed or deleted: correct them by another transfer.', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "Transfer_append_only" BEFORE UPDATE OR DELETE ON "Transfer"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "Transfer_never_empty" BEFORE TRUNCATE ON "Transfer"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE "Artifact" ADD CONSTRAINT "Artifact_key_check" CHECK ("key" ~ '^[0-9a-f]{64}$' AND "bytes" >= 0);
ALTER TABLE "Run" ADD CONSTRAINT "Run_quote_check" CHECK ("quote" >= 0);
ALTER TABLE "NodeRun" ADD CONSTRAINT "NodeRun_items_check" CHECK (0 <= "itemsDone" AND "itemsDone" <= "itemsTotal" AND "cost" >= 0);
ALTER TABLE "NodeRunItem" ADD CONSTRAINT "NodeRunItem_cost_check" CHECK ("index" >= 0 AND "cost" >= 0);

-- Where tokens come from, and where they go when they are spent or lapse.
INSERT INTO "Account" ("id", "kind")
VALUES (gen_random_uuid(), 'issuer'), (gen_random_uuid(), 'revenue'), (gen_random_uuid(), 'expired');
