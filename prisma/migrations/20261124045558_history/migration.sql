-- DropForeignKey
ALTER TABLE "ImageTag" DROP CONSTRAINT "ImageTag_imageId_fkey";

-- DropIndex
DROP INDEX "Image_departmentId_createdAt_idx";

-- DropIndex
DROP INDEX "Image_ownerId_createdAt_idx";

-- AlterTable
ALTER TABLE "Image" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- DropTable
DROP TABLE "ImageTag";

-- CreateIndex
CREATE INDEX "Image_artifactKey_idx" ON "Image"("artifactKey");

-- What a word is found by: each three characters of it, and each two of which one is not ASCII, since many Korean words
-- have two. Made here and not with pg_trgm, which sees no letter beyond ASCII where the database's character type is C, as
-- it is in the server that comes with the studio.
CREATE FUNCTION word_grams(words text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 ROWS 50
BEGIN ATOMIC
  SELECT DISTINCT "grams"."gram"
  FROM regexp_split_to_table(lower("words"), '\s+') AS "word",
    LATERAL (
      SELECT substr("word", "at", 3) AS "gram" FROM generate_series(1, length("word") - 2) AS "at"
      UNION ALL
      SELECT "pairs"."pair" FROM (
        SELECT substr("word", "at", 2) AS "pair" FROM generate_series(1, length("word") - 1) AS "at"
        WHERE octet_length("word") > length("word")
      ) AS "pairs" WHERE octet_length("pairs"."pair") > 2
    ) AS "grams";
END;

-- Everything that a picture is looked for by in one list: who sees it, what made it, its tags, its words. One index over
-- it answers any combination. What is no part of a word begins with a space, which no part of a word has.
CREATE FUNCTION image_tokens(
  "ownerId" uuid, "departmentId" uuid, "visibility" "Visibility", "tool" text, "model" text, "graphId" uuid,
  "tags" text[], "name" text, "prompt" text
) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000
RETURN array_remove(ARRAY[
    ' o:' || "ownerId",
    CASE "visibility" WHEN 'department' THEN ' d:' || "departmentId" WHEN 'everyone' THEN ' e' END,
    ' t:' || "tool",
    ' m:' || "model",
    ' g:' || "graphId"
  ], NULL)
  || ARRAY(SELECT ' #' || "tag" FROM unnest("tags") AS "tag")
  || ARRAY(SELECT word_grams("name" || ' ' || coalesce("prompt", '') || ' ' || array_to_string("tags", ' ')));

-- One index for each way of seeing a picture; lists merge the three. They hold no deleted ones.
CREATE INDEX "Image_own_idx" ON "Image" ("ownerId", "createdAt", "id") WHERE "deletedAt" IS NULL;
CREATE INDEX "Image_department_idx" ON "Image" ("departmentId", "createdAt", "id")
  WHERE "deletedAt" IS NULL AND "visibility" = 'department';
CREATE INDEX "Image_everyone_idx" ON "Image" ("createdAt", "id")
  WHERE "deletedAt" IS NULL AND "visibility" = 'everyone';
CREATE INDEX "Image_maskKey_idx" ON "Image" ("maskKey") WHERE "maskKey" IS NOT NULL;
CREATE INDEX "Image_deleted_idx" ON "Image" ("ownerId", "deletedAt") WHERE "deletedAt" IS NOT NULL;
-- Entries wait in a list that every search reads whole: it stays short.
CREATE INDEX "Image_tokens_idx" ON "Image" USING gin (
  image_tokens("ownerId", "departmentId", "visibility", "tool", "model", "graphId", "tags", "name", "prompt")
) WITH (gin_pending_list_limit = 256) WHERE "deletedAt" IS NULL;

-- What can still be known of how earlier pictures were made. The step that made a picture is named in its provenance;
-- its params stand in the plan, its work in the books.
UPDATE "Image" SET "graphId" = "Run"."graphId", "graphName" = "Run"."graphName"
FROM "Run" WHERE "Run"."id" = "Image"."runId" AND "Image"."graphName" IS NULL;

UPDATE "Image" SET
  "negativePrompt" = "maker"."made" ->> 'negativePrompt',
  "params" = ("node" -> 'params')
    || CASE WHEN "maker"."made" ? 'seed' AND "node" -> 'params' ? 'seed'
         THEN jsonb_build_object('seed', "maker"."made" -> 'seed') ELSE '{}'::jsonb END,
  "modelDigest" = "node" ->> 'modelDigest'
FROM (
  SELECT "Document"."id", "Document"."body" -> 'made' AS "made" FROM "Document"
  WHERE "Document"."collection" = 'provenance' AND "Document"."body" -> 'made' ? 'nodeId'
) AS "maker", "Run", LATERAL jsonb_array_elements("Run"."plan" -> 'nodes') AS "node"
WHERE "Image"."id"::text = "maker"."id" AND "Run"."id" = "Image"."runId"
  AND "node" ->> 'id' = "maker"."made" ->> 'nodeId' AND "Image"."params" = '{}'::jsonb;

UPDATE "Image" SET "worker" = "work"."worker",
  "durationMs" = (extract(epoch FROM "work"."endedAt" - "work"."startedAt") * 1000)::int,
  "tokens" = "work"."cost" / greatest(("node" ->> 'fanOut')::int, 1)
FROM "Document", "Run", LATERAL jsonb_array_elements("Run"."plan" -> 'nodes') AS "node", "NodeRunItem" AS "work"
WHERE "Document"."collection" = 'provenance' AND "Image"."id"::text = "Document"."id"
  AND "Run"."id" = "Image"."runId" AND "node" ->> 'id' = "Document"."body" -> 'made' ->> 'nodeId'
  AND "work"."runId" = "Run"."id" AND "work"."nodeId" = "node" ->> 'id'
  AND "work"."index" = "Image"."itemIndex" / greatest(("node" ->> 'fanOut')::int, 1)
  AND "work"."state" = 'succeeded' AND "Image"."worker" IS NULL
  -- Where lists were cut or merged on the way the place is another's: then it stays unknown.
  AND jsonb_path_exists("work"."outputs", '$.*[*].name ? (@ == $name)', jsonb_build_object('name', "Image"."name"));
