-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "callback" JSONB,
ADD COLUMN     "callbackOwed" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "Run_callbackOwed_endedAt_idx" ON "Run"("callbackOwed", "endedAt");
