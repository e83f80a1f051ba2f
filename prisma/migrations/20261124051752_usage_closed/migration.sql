-- CreateTable
CREATE TABLE "UsageByTool" (
    "day" DATE NOT NULL,
    "tool" TEXT NOT NULL,
    "model" TEXT NOT NULL DEFAULT '',
    "uses" BIGINT NOT NULL DEFAULT 0,
    "images" BIGINT NOT NULL DEFAULT 0,
    "found" BIGINT NOT NULL DEFAULT 0,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "saved" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "UsageByTool_pkey" PRIMARY KEY ("day","tool","model")
);

-- CreateTable
CREATE TABLE "UsageByMember" (
    "month" DATE NOT NULL,
    "memberId" UUID NOT NULL,
    "departmentId" UUID NOT NULL,
    "uses" BIGINT NOT NULL DEFAULT 0,
    "images" BIGINT NOT NULL DEFAULT 0,
    "found" BIGINT NOT NULL DEFAULT 0,
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "saved" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "UsageByMember_pkey" PRIMARY KEY ("month","memberId","departmentId")
);

-- What follows is written by hand: Prisma's schema cannot say it.

-- Sums up days and months that nothing is added to any more, whatever time zone the organisation changes to: those that
-- ended at least three days ago. What is summed up is found by the last day and month; it is never summed up again.
CREATE FUNCTION close_usage() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  through date := usage_day(clock_timestamp()) - 3;
BEGIN
  INSERT INTO "UsageByTool" ("day", "tool", "model", "uses", "images", "found", "tokens", "saved")
  SELECT "day", "tool", "model", sum("uses"), sum("images"), sum("u"."found"), sum("tokens"), sum("saved")
  FROM "UsageDay" AS "u"
  WHERE "day" > COALESCE((SELECT max("day") FROM "UsageByTool"), '-infinity') AND "day" <= through
  GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING;
  INSERT INTO "UsageByMember" ("month", "memberId", "departmentId", "uses", "images", "found", "tokens", "saved")
  SELECT date_trunc('month', "day")::date, "memberId", "departmentId", sum("uses"), sum("images"),
    sum("u"."found"), sum("tokens"), sum("saved") FROM "UsageDay" AS "u"
  WHERE "day" >= COALESCE((SELECT max("month") + interval '1 month' FROM "UsageByMember"), '-infinity')
    AND "day" < date_trunc('month', through + 1)
  GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING;
END
$$;
