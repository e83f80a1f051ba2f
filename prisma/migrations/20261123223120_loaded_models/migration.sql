-- AlterTable
ALTER TABLE "GpuServer" ADD COLUMN     "loaded" JSONB NOT NULL DEFAULT '[]';
