-- AlterTable
ALTER TABLE "OutgoingMail" ADD COLUMN     "takenAt" TIMESTAMPTZ(3),
ADD COLUMN     "usefulUntil" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "OutgoingMail_createdAt_id_idx" ON "OutgoingMail"("createdAt", "id");
