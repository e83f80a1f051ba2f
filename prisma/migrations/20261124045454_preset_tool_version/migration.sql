-- AlterTable
ALTER TABLE "Preset" ADD COLUMN     "toolVersion" INTEGER NOT NULL DEFAULT 1;
