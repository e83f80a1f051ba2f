-- AlterTable
ALTER TABLE "UsageDay" ADD COLUMN     "found" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Lot" ADD COLUMN     "toldDays" INTEGER;

-- AlterTable
ALTER TABLE "Transfer" ADD COLUMN     "poolAmount" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "poolOf" UUID;

-- What follows is written by hand: Prisma's schema cannot say it.

-- A department's pool: tokens that its members may spend when their own are used up. A hold that needs both is two
-- holds, one of the member's account, which has the key and names in "poolAmount" what the pool gives, and one of the
-- pool's, which names the first in "poolOf". They are made together and resolved together, or not at all.
ALTER TABLE "Account" DROP CONSTRAINT "Account_holder_check";
ALTER TABLE "Account" ADD CONSTRAINT "Account_holder_check" CHECK (CASE
  WHEN "kind" IN ('department', 'pool', 'member') THEN "holderId" IS NOT NULL
  WHEN "kind" IN ('issuer', 'expired') THEN "holderId" IS NULL
  ELSE true END);
ALTER TABLE "Account" DROP CONSTRAINT "Account_pending_check";
ALTER TABLE "Account" ADD CONSTRAINT "Account_pending_check"
  CHECK ("pending" >= 0 AND ("kind" IN ('member', 'pool') OR "pending" = 0));
ALTER TABLE "Transfer" DROP CONSTRAINT "Transfer_amount_check";
ALTER TABLE "Transfer" ADD CONSTRAINT "Transfer_amount_check" CHECK ("amount" > 0 OR ("amount" = 0
  AND ("kind" IN ('capture', 'release') OR ("kind" = 'hold' AND "poolAmount" > 0))));
ALTER TABLE "Transfer" ADD CONSTRAINT "Transfer_pool_check" CHECK ("poolAmount" >= 0
  AND ("poolAmount" = 0 OR ("kind" = 'hold' AND "poolOf" IS NULL))
  AND ("poolOf" IS NULL OR "kind" IN ('hold', 'capture', 'release')));
CREATE UNIQUE INDEX "Transfer_poolOf_key" ON "Transfer" ("poolOf") WHERE "poolOf" IS NOT NULL;
CREATE INDEX "Transfer_moved_idx" ON "Transfer" ("createdAt")
  WHERE "kind" IN ('issue', 'distribute', 'revoke', 'expire', 'refund');
CREATE INDEX "Lot_expiring_idx" ON "Lot" ("expiresAt") WHERE "remaining" > 0;

DROP TRIGGER "Account_is_its_lots" ON "Account";
CREATE CONSTRAINT TRIGGER "Account_is_its_lots" AFTER UPDATE ON "Account" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."kind" IN ('department', 'pool', 'member')
    AND (OLD."posted" <> NEW."posted" OR OLD."pending" <> NEW."pending"))
  EXECUTE FUNCTION check_lots_of_account();

CREATE OR REPLACE FUNCTION post_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  freed bigint := 0;
  original "Transfer";
BEGIN
  IF NEW."kind" = 'hold' THEN
    UPDATE "Account" SET "pending" = "pending" + NEW."amount" WHERE "id" = NEW."debitAccountId";
    RETURN NULL;
  END IF;
  IF NEW."kind" IN ('capture', 'release') THEN
    SELECT * INTO original FROM "Transfer" WHERE "id" = NEW."resolves";
    IF original."kind" <> 'hold' OR original."debitAccountId" <> NEW."debitAccountId"
      OR original."creditAccountId" <> NEW."creditAccountId" OR NEW."amount" > original."amount"
      OR (NEW."kind" = 'release' AND NEW."amount" <> original."amount") THEN
      RAISE EXCEPTION 'Transfer % does not fit the hold that it ends.', NEW."id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- The pool's part first, by the end that its own end names; then there is no end of one without the other.
    IF (original."poolOf" IS NULL) <> (NEW."poolOf" IS NULL) OR (original."poolAmount" > 0 AND NOT EXISTS (
      SELECT FROM "Transfer" WHERE "poolOf" = NEW."id")) THEN
      RAISE EXCEPTION 'Transfer % ends one part of a hold without the other.', NEW."id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    freed := original."amount";
    IF NEW."kind" = 'release' THEN
      UPDATE "Account" SET "pending" = "pending" - freed WHERE "id" = NEW."debitAccountId";
      RETURN NULL;
    END IF;
  ELSIF NEW."kind" = 'refund' THEN
    -- One refund of a member at a time, so that together they stay below what was captured.
    PERFORM FROM "Account" WHERE "id" = NEW."creditAccountId" FOR NO KEY UPDATE;
    SELECT * INTO original FROM "Transfer" WHERE "id" = NEW."refunds";
    IF original."kind" <> 'capture' OR original."creditAccountId" <> NEW."debitAccountId"
      OR original."debitAccountId" <> NEW."creditAccountId"
      OR (SELECT sum("amount") FROM "Transfer" WHERE "refunds" = NEW."refunds") > original."amount" THEN
      RAISE EXCEPTION 'Transfer % refunds more than was captured, or elsewhere.', NEW."id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  UPDATE "Account" SET "posted" = "posted" - NEW."amount", "pending" = "pending" - freed
    WHERE "id" = NEW."debitAccountId";
  IF NEW."amount" > 0 THEN
    UPDATE "Account" SET "posted" = "posted" + NEW."amount" WHERE "id" = NEW."creditAccountId";
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Transfer % names an account that is not there.', NEW."id"
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION check_hold(hold uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t record;
  parts record;
BEGIN
  SELECT "kind", "amount", "debitAccountId" INTO t FROM "Transfer" WHERE "id" = hold;
  SELECT COALESCE(sum("HoldLot"."amount"), 0) AS "amount",
      COALESCE(bool_and("Lot"."accountId" = t."debitAccountId"), true) AS "own" INTO parts
    FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId" WHERE "HoldLot"."transferId" = hold;
  IF t."kind" <> 'hold' OR parts."amount" <> t."amount" OR NOT parts."own" THEN
    RAISE EXCEPTION 'Hold % is % and its lots gave %.', hold, t."amount", parts."amount"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END
$$;


-- A part of the pool is what the other part says, of an account that is a pool, and its end is of that hold.
CREATE FUNCTION check_pool_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fits boolean;
BEGIN
  IF NEW."kind" = 'hold' AND NEW."poolAmount" > 0 THEN
    fits := EXISTS (SELECT FROM "Transfer" WHERE "poolOf" = NEW."id" AND "kind" = 'hold');
  ELSIF NEW."kind" = 'hold' THEN
    fits := EXISTS (
      SELECT FROM "Transfer" AS "h" JOIN "Account" AS "own" ON "own"."id" = "h"."debitAccountId" AND "own"."kind" = 'member'
      JOIN "Account" AS "pool" ON "pool"."id" = NEW."debitAccountId" AND "pool"."kind" = 'pool'
      WHERE "h"."id" = NEW."poolOf" AND "h"."kind" = 'hold' AND "h"."poolAmount" = NEW."amount"
        AND "h"."creditAccountId" = NEW."creditAccountId");
  ELSE
    fits := EXISTS (
      SELECT FROM "Transfer" AS "end" JOIN "Transfer" AS "part" ON "part"."id" = NEW."resolves"
      WHERE "end"."id" = NEW."poolOf" AND "end"."resolves" = "part"."poolOf");
  END IF;
  IF NOT fits THEN
    RAISE EXCEPTION 'Transfer % does not fit the other part of its hold.', NEW."id"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "Transfer_pool_fits" AFTER INSERT ON "Transfer" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."poolAmount" > 0 OR NEW."poolOf" IS NOT NULL) EXECUTE FUNCTION check_pool_part();

-- What of `wanted` an account has to spend, from the lots that expire first. Call it under the account's lock: the time
-- is read after it, since the statement may have waited for it.
CREATE FUNCTION take_lots(account uuid, wanted bigint, OUT taken bigint, OUT lots uuid[], OUT parts bigint[])
LANGUAGE plpgsql AS $$
DECLARE
  lot record;
  part bigint;
BEGIN
  taken := 0;
  lots := '{}';
  parts := '{}';
  FOR lot IN
    SELECT "id", "remaining" - "held" AS "free" FROM "Lot"
    WHERE "accountId" = account AND "remaining" > "held"
      AND ("expiresAt" IS NULL OR "expiresAt" > clock_timestamp())
    ORDER BY "expiresAt" NULLS LAST, "createdAt", "id"
  LOOP
    part := LEAST(lot."free", wanted - taken);
    taken := taken + part;
    lots := lots || lot."id";
    parts := parts || part;
    EXIT WHEN taken = wanted;
  END LOOP;
END
$$;

CREATE FUNCTION hold_lots(hold uuid, lots uuid[], parts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(lots) = 1 THEN
    INSERT INTO "HoldLot" ("transferId", "lotId", "amount") VALUES (hold, lots[1], parts[1]);
    UPDATE "Lot" SET "held" = "held" + parts[1] WHERE "id" = lots[1];
  ELSE
    INSERT INTO "HoldLot" ("transferId", "lotId", "amount")
      SELECT hold, "l", "p" FROM unnest(lots, parts) AS "t"("l", "p");
    UPDATE "Lot" SET "held" = "held" + "p" FROM unnest(lots, parts) AS "t"("l", "p") WHERE "id" = "l";
  END IF;
END
$$;

-- The pool's account, locked, when the department has one. Only after the member's.
CREATE FUNCTION lock_pool(department uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  pool uuid;
BEGIN
  SELECT "id" INTO pool FROM "Account" WHERE "kind" = 'pool' AND "holderId" = department FOR NO KEY UPDATE;
  RETURN pool;
END
$$;

-- Sets `total` aside for one piece of work: the member's own lots that expire first, then, when `department` is given,
-- those of its pool. `hold` is null when `available` is less. A key that was used before gives back its hold and the
-- hash that it was recorded with.
DROP FUNCTION hold_tokens(text, text, uuid, bigint, uuid, text);
CREATE FUNCTION hold_tokens(
  key text, hash text, member uuid, total bigint, run uuid, node text, department uuid DEFAULT NULL,
  OUT hold uuid, OUT available bigint, OUT recorded text
) LANGUAGE plpgsql AS $$
DECLARE
  account uuid := lock_account('member', member);
  pool uuid;
  spent uuid;
  own record;
  shared record;
  part uuid;
BEGIN
  available := 0;
  SELECT "id", "requestHash" INTO hold, recorded FROM "Transfer" WHERE "idem" = key;
  IF FOUND THEN RETURN; END IF;
  own := take_lots(account, total);
  available := own."taken";
  IF available < total AND department IS NOT NULL THEN
    pool := lock_pool(department);
    IF pool IS NOT NULL THEN
      shared := take_lots(pool, total - available);
      available := available + shared."taken";
    END IF;
  END IF;
  IF available < total THEN RETURN; END IF;
  SELECT "id" INTO spent FROM "Account" WHERE "kind" = 'revenue' AND "holderId" = member;
  IF spent IS NULL THEN spent := lock_account('revenue', member); END IF;
  hold := gen_random_uuid();
  INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
    "poolAmount", "runId", "nodeId", "memberId")
  VALUES (hold, key, hash, 'hold', account, spent, own."taken", total - own."taken", run, node, member);
  PERFORM hold_lots(hold, own."lots", own."parts");
  IF own."taken" < total THEN
    part := gen_random_uuid();
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
      "poolOf", "runId", "nodeId", "memberId")
    VALUES (part, key || ':pool', hash, 'hold', pool, spent, shared."taken", hold, run, node, member);
    PERFORM hold_lots(part, shared."lots", shared."parts");
  END IF;
END
$$;

-- Ends one part of a hold: see resolve_hold. `resolution` is the id that its end gets.
CREATE FUNCTION resolve_part(
  original "Transfer", how "TransferKind", charge bigint, hash text, resolution uuid, pool_of uuid
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lapsed bigint;
  now_ timestamptz := clock_timestamp();
BEGIN
  INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
    "resolves", "poolOf", "runId", "nodeId", "memberId")
  VALUES (resolution, how || ':' || original."id", hash, how, original."debitAccountId", original."creditAccountId",
    CASE WHEN how = 'capture' THEN charge ELSE original."amount" END, original."id", pool_of, original."runId",
    original."nodeId", original."memberId");
  WITH "parts" AS (
    SELECT "Lot"."id", "HoldLot"."amount" AS "part", COALESCE("Lot"."expiresAt" <= now_, false) AS "late",
      LEAST("HoldLot"."amount", GREATEST(0, charge + "HoldLot"."amount"
        - sum("HoldLot"."amount") OVER (ORDER BY "Lot"."expiresAt" NULLS LAST, "Lot"."createdAt", "Lot"."id")
      ))::bigint AS "charged"
    FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId" WHERE "HoldLot"."transferId" = original."id"
  ),
  "lots" AS (
    UPDATE "Lot" SET "held" = "held" - "part",
      "remaining" = "remaining" - CASE WHEN "late" THEN "part" ELSE "charged" END
    FROM "parts" WHERE "Lot"."id" = "parts"."id"
  )
  SELECT COALESCE(sum("part" - "charged") FILTER (WHERE "late"), 0)::bigint INTO lapsed FROM "parts";
  IF lapsed > 0 THEN
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
      "memberId")
    SELECT gen_random_uuid(), 'expire:' || original."id", hash, 'expire', original."debitAccountId", "id", lapsed,
      original."memberId"
    FROM "Account" WHERE "kind" = 'expired';
  END IF;
END
$$;

-- Ends a hold, once, with both of its parts: charges `charge` of it (0 for a release), the member's own tokens first,
-- gives the rest back to the lots that it came from, and lets go what came back to a lot that has expired meanwhile.
-- `outcome`: 'done', 'before' with what was done then, 'missing', or 'too-much'.
CREATE OR REPLACE FUNCTION resolve_hold(
  hold uuid, how "TransferKind", charge bigint, hash text,
  OUT outcome text, OUT earlier "TransferKind", OUT amount bigint
) LANGUAGE plpgsql AS $$
DECLARE
  original "Transfer";
  shared "Transfer";
  resolution uuid;
  of_pool bigint;
BEGIN
  SELECT * INTO original FROM "Transfer" WHERE "id" = hold AND "kind" = 'hold' AND "poolOf" IS NULL;
  IF NOT FOUND THEN outcome := 'missing'; RETURN; END IF;
  PERFORM FROM "Account" WHERE "id" = original."debitAccountId" FOR NO KEY UPDATE;
  SELECT "id", "kind", "Transfer"."amount" INTO resolution, earlier, amount FROM "Transfer" WHERE "resolves" = hold;
  IF FOUND THEN
    outcome := 'before';
    IF original."poolAmount" > 0 THEN
      amount := amount + (
        SELECT CASE WHEN "kind" = 'capture' OR earlier = 'release' THEN "Transfer"."amount" ELSE 0 END
        FROM "Transfer" WHERE "poolOf" = resolution);
    END IF;
    RETURN;
  END IF;
  amount := original."amount" + original."poolAmount";
  IF charge > amount THEN outcome := 'too-much'; RETURN; END IF;
  outcome := 'done';
  resolution := gen_random_uuid();
  IF original."poolAmount" > 0 THEN
    SELECT * INTO shared FROM "Transfer" WHERE "poolOf" = hold;
    PERFORM FROM "Account" WHERE "id" = shared."debitAccountId" FOR NO KEY UPDATE;
    of_pool := GREATEST(0, charge - original."amount");
    PERFORM resolve_part(shared, (CASE WHEN of_pool > 0 THEN 'capture' ELSE 'release' END)::"TransferKind", of_pool,
      hash, gen_random_uuid(), resolution);
  END IF;
  PERFORM resolve_part(original, how, LEAST(charge, original."amount"), hash, resolution, NULL);
END
$$;

-- What the department's pool has to spend, under its lock.
CREATE FUNCTION spendable_pool(department uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  pool uuid := lock_pool(department);
BEGIN
  RETURN CASE WHEN pool IS NULL THEN 0 ELSE spendable(pool) END;
END
$$;

-- The organisation's day of a moment. A time zone that the database does not know counts as UTC.
CREATE FUNCTION usage_day(at timestamptz) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (at AT TIME ZONE COALESCE((SELECT "value" #>> '{}' FROM "Setting" WHERE "key" = 'timeZone'), 'UTC'))::date;
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN (at AT TIME ZONE 'UTC')::date;
END
$$;

-- Adds what a write has made to the member's days. It is the last thing that the write locks, row by row in one order,
-- so that two runs of a member neither meet crosswise nor keep each other waiting for longer than a commit.
CREATE FUNCTION count_usage(owner uuid, department uuid, used jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "UsageDay" AS "u" ("day", "memberId", "departmentId", "tool", "model", "uses", "images", "found",
    "tokens", "saved")
  SELECT "v"."day", owner, department, "v"."tool", COALESCE("v"."model", ''), sum("v"."uses"), sum("v"."images"),
    sum("v"."found"), sum("v"."tokens"), sum("v"."saved")
  FROM jsonb_to_recordset(used) AS "v"("day" date, "tool" text, "model" text, "uses" int, "images" int, "found" int,
    "tokens" bigint, "saved" bigint)
  GROUP BY "v"."day", "v"."tool", COALESCE("v"."model", '')
  ORDER BY "v"."day", "v"."tool", COALESCE("v"."model", '')
  ON CONFLICT ("day", "memberId", "departmentId", "tool", "model") DO UPDATE SET
    "uses" = "u"."uses" + EXCLUDED."uses", "images" = "u"."images" + EXCLUDED."images",
    "found" = "u"."found" + EXCLUDED."found", "tokens" = "u"."tokens" + EXCLUDED."tokens",
    "saved" = "u"."saved" + EXCLUDED."saved";
END
$$;

-- As before; what the member lacks, the pool may give. The last element of the answer says how many were found, and when.
CREATE OR REPLACE FUNCTION books_prepare(
  run uuid, owner uuid, department uuid, carry uuid[], missing text[], entry jsonb
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  node text := entry ->> 'nodeId';
  price bigint := (entry ->> 'price')::bigint * 1000000;
  look_up boolean := (entry ->> 'lookUp')::boolean;
  verdicts jsonb;
  wanted int;
  affordable int;
  funds bigint;
  hits int;
  held record;
  hold_id uuid;
  at timestamptz := clock_timestamp();
BEGIN
  WITH "asked" AS (
    SELECT "w".*, "i"."state" AS "before", "i"."holdId", "i"."outputs" AS "settled",
      COALESCE("i"."execution", 1) + CASE WHEN "i"."state" IN ('failed', 'cancelled') THEN 1 ELSE 0 END AS "execution"
    FROM jsonb_to_recordset(entry -> 'items') AS "w"(
      "position" int, "index" int, "name" text, "key" text, "carryKey" text, "hit" jsonb, "hitFrom" text)
    LEFT JOIN LATERAL (
      SELECT * FROM "NodeRunItem" WHERE "runId" = run AND "nodeId" = node AND "index" = "w"."index" LIMIT 1
    ) AS "i" ON true
  ),
  "known" AS (
    SELECT "asked".*, "e"."runId" AS "byRun", "e"."nodeId" AS "byNode", "e"."itemIndex" AS "byItem",
      "e"."itemName" AS "byName", "e"."outputs" AS "cached", "e"."artifactKeys" AS "cachedKeys",
      "c"."outputs" AS "carried", "c"."name" AS "carriedName", "c"."index" AS "carriedIndex",
      CASE WHEN "c"."outputs" IS NOT NULL THEN artifact_keys("c"."outputs") END AS "carriedKeys",
      CASE WHEN "asked"."hit" IS NOT NULL THEN has_artifacts(artifact_keys("asked"."hit")) END AS "hitStands"
    FROM "asked"
    LEFT JOIN LATERAL (
      SELECT * FROM "CacheEntry" WHERE look_up AND "departmentId" = department AND "key" = "asked"."key" LIMIT 1
    ) AS "e" ON true
    LEFT JOIN LATERAL (
      SELECT "i"."outputs", "i"."name", "i"."index" FROM "NodeRunItem" AS "i"
      -- Worded so that the index of carry keys serves it, and not the one of whole runs.
      WHERE cardinality(carry) > 0 AND "i"."carryKey" = "asked"."carryKey" AND array_position(carry, "i"."runId") > 0 AND "i"."nodeId" = node
        AND "i"."state" IN ('succeeded', 'cached') AND ("asked"."key" IS NOT NULL OR "i"."name" = "asked"."name")
      ORDER BY array_position(carry, "i"."runId"), "i"."index" <> "asked"."index", "i"."index" LIMIT 1
    ) AS "c" ON true
  ),
  "judged" AS (
    SELECT "known".*, CASE
      WHEN "before" IN ('succeeded', 'cached') THEN 'done'
      WHEN "before" = 'running' THEN 'held'
      WHEN "hitStands" THEN 'hit'
      WHEN "carried" IS NOT NULL AND NOT "carriedKeys" && missing AND has_artifacts("carriedKeys") THEN 'carried'
      WHEN "key" IS NULL OR NOT look_up THEN 'hold'
      WHEN "cached" IS NOT NULL AND NOT "cachedKeys" && missing AND has_artifacts("cachedKeys") THEN 'found'
      WHEN "cached" IS NULL AND "byRun" = run AND "byNode" = node AND "byItem" = "index" THEN 'hold'
      WHEN "cached" IS NULL AND is_at_work("byRun", "byNode", "byItem") THEN 'wait'
      ELSE 'take' END AS "first"
    FROM "known"
  ),
  "ranked" AS (
    SELECT *, row_number() OVER (
      PARTITION BY "key", "first" IN ('hold', 'take') ORDER BY "first" = 'take', "position") AS "rank"
    FROM "judged"
  )
  SELECT jsonb_agg(jsonb_build_object(
      'position', "position", 'index', "index", 'name', "name", 'key', "key", 'carryKey', "carryKey",
      'before', "before", 'execution', "execution", 'holdId', "holdId", 'hitFrom', "hitFrom",
      'verdict', CASE
        WHEN "first" IN ('hold', 'take') AND look_up AND "key" IS NOT NULL AND "rank" > 1 THEN 'wait'
        ELSE "first" END,
      'outputs', CASE "first" WHEN 'done' THEN "settled" WHEN 'hit' THEN "hit" WHEN 'carried' THEN "carried"
        WHEN 'found' THEN "cached" END,
      'from', CASE "first" WHEN 'carried' THEN
          jsonb_build_object('nodeId', node, 'name', "carriedName", 'index', "carriedIndex")
        WHEN 'found' THEN jsonb_build_object('nodeId', "byNode", 'name', "byName", 'index', "byItem") END
    ) ORDER BY "position") INTO verdicts
  FROM "ranked";

  SELECT count(*) INTO wanted FROM jsonb_array_elements(verdicts) AS "v" WHERE "v" ->> 'verdict' IN ('hold', 'take');
  affordable := wanted;
  IF wanted > 0 AND price > 0 THEN
    SELECT ("v" ->> 'index')::int AS "index", ("v" ->> 'execution')::int AS "execution" INTO held
      FROM jsonb_array_elements(verdicts) AS "v"
      WHERE "v" ->> 'verdict' IN ('hold', 'take') ORDER BY ("v" ->> 'position')::int LIMIT 1;
    funds := spendable(lock_account('member', owner));
    IF funds < wanted * price THEN funds := funds + spendable_pool(department); END IF;
    affordable := LEAST(wanted, funds / price);
    IF affordable > 0 THEN
      -- Made of what the work is, never of the attempt: however often it is tried, it is one hold.
      SELECT "h"."hold" INTO hold_id FROM hold_tokens(
        'hold:' || run || ':' || node || ':' || held."index" || CASE WHEN held."execution" > 1
          THEN ':' || held."execution" ELSE '' END,
        'books', owner, affordable * price, run, node, department) AS "h";
      -- The last moment of a lot may have passed between counting and taking.
      IF hold_id IS NULL THEN affordable := 0; END IF;
    END IF;
  END IF;
  IF wanted > 0 THEN
    SELECT jsonb_agg(CASE
        WHEN "v" ->> 'verdict' NOT IN ('hold', 'take') THEN "v"
        WHEN "place" <= affordable THEN "v" || jsonb_build_object('holdId', hold_id, 'begun', true)
        ELSE "v" || '{"verdict": "refused"}' END ORDER BY "order") INTO verdicts
    FROM (
      SELECT "v", "order", count(*) FILTER (WHERE "v" ->> 'verdict' IN ('hold', 'take')) OVER (ORDER BY "order") AS "place"
      FROM jsonb_array_elements(verdicts) WITH ORDINALITY AS "t"("v", "order")
    ) AS "counted";
  END IF;

  INSERT INTO "NodeRunItem" ("runId", "nodeId", "index", "name", "state", "holdId", "execution", "outputs", "saved",
    "cacheKey", "carryKey", "startedAt", "endedAt")
  SELECT run, node, "index", "name",
    (CASE WHEN "verdict" = 'hit' THEN 'cached' WHEN "begun" THEN 'running' ELSE 'holding' END)::"NodeRunState",
    CASE WHEN "begun" THEN "holdId" END, "execution", CASE WHEN "verdict" = 'hit' THEN "outputs" ELSE '{}' END,
    CASE WHEN "verdict" = 'hit' THEN price ELSE 0 END, "key", "carryKey", at, CASE WHEN "verdict" = 'hit' THEN at END
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "verdict" text, "begun" boolean, "holdId" uuid,
    "execution" int, "outputs" jsonb, "key" text, "carryKey" text)
  WHERE "verdict" IN ('hold', 'take', 'hit', 'wait', 'refused')
  ON CONFLICT ("runId", "nodeId", "index") DO UPDATE SET "name" = EXCLUDED."name", "state" = EXCLUDED."state",
    "holdId" = EXCLUDED."holdId", "execution" = EXCLUDED."execution", "outputs" = EXCLUDED."outputs",
    "saved" = EXCLUDED."saved", "cacheKey" = EXCLUDED."cacheKey", "carryKey" = EXCLUDED."carryKey",
    "startedAt" = EXCLUDED."startedAt", "endedAt" = EXCLUDED."endedAt", "failure" = NULL;

  -- Claims of work that will not come back pass to whoever does it now.
  IF jsonb_path_exists(verdicts, '$[*] ? (@.verdict == "take")') THEN
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "artifactKeys")
    SELECT department, "key", run, node, "index", "name", '{}'
    FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "verdict" text)
    WHERE "verdict" = 'take' ORDER BY "key"
    ON CONFLICT ("departmentId", "key") DO UPDATE SET "runId" = EXCLUDED."runId", "nodeId" = EXCLUDED."nodeId",
      "itemIndex" = EXCLUDED."itemIndex", "itemName" = EXCLUDED."itemName", "outputs" = NULL,
      "artifactKeys" = EXCLUDED."artifactKeys", "cost" = 0;
  END IF;

  hits := (SELECT count(*) FROM jsonb_path_query(verdicts, '$[*] ? (@.verdict == "hit")'));
  IF hits > 0 THEN
    INSERT INTO "ArtifactGrant" ("artifactKey", "departmentId", "memberId")
    SELECT DISTINCT "k", department, owner
    FROM jsonb_array_elements(verdicts) AS "v", unnest(artifact_keys("v" -> 'outputs')) AS "k"
    WHERE "v" ->> 'verdict' = 'hit' ORDER BY "k" ON CONFLICT DO NOTHING;
    -- What was taken over from an earlier run can be found by others again.
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "outputs",
      "artifactKeys", "hits")
    SELECT DISTINCT ON ("key") department, "key", run, node, "index", "name", "outputs", artifact_keys("outputs"),
      count(*) FILTER (WHERE "hitFrom" = 'found') OVER (PARTITION BY "key")
    FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "verdict" text, "hitFrom" text,
      "outputs" jsonb)
    WHERE "verdict" = 'hit' AND "key" IS NOT NULL ORDER BY "key", "index"
    ON CONFLICT ("departmentId", "key") DO UPDATE SET "hits" = "CacheEntry"."hits" + EXCLUDED."hits",
      "lastUsedAt" = at,
      "runId" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."runId" ELSE "CacheEntry"."runId" END,
      "nodeId" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."nodeId" ELSE "CacheEntry"."nodeId" END,
      "itemIndex" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."itemIndex"
        ELSE "CacheEntry"."itemIndex" END,
      "itemName" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."itemName"
        ELSE "CacheEntry"."itemName" END,
      "artifactKeys" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."artifactKeys"
        ELSE "CacheEntry"."artifactKeys" END,
      "outputs" = COALESCE("CacheEntry"."outputs", EXCLUDED."outputs");
  END IF;

  UPDATE "NodeRun" SET
    "state" = CASE WHEN "NodeRun"."state" NOT IN ('queued', 'holding') THEN "NodeRun"."state"
      WHEN "t"."working" THEN 'running' ELSE 'holding' END,
    "startedAt" = COALESCE("startedAt", at),
    "itemsDone" = "itemsDone" + "t"."hits",
    "itemsCached" = "itemsCached" + "t"."hits",
    "itemsFailed" = "itemsFailed" - "t"."again",
    "itemsTotal" = GREATEST("itemsTotal", "itemsDone" + "t"."hits"),
    "saved" = "saved" + "t"."hits" * price
  FROM (
    SELECT count(*) FILTER (WHERE "verdict" = 'hit')::int AS "hits",
      count(*) FILTER (WHERE "before" = 'failed' AND "verdict" IN ('hold', 'take', 'hit', 'wait', 'refused'))::int AS "again",
      COALESCE(bool_or("verdict" IN ('hold', 'take', 'hit', 'held', 'done')), false) AS "working"
    FROM jsonb_to_recordset(verdicts) AS "v"("verdict" text, "before" text)
  ) AS "t"
  WHERE "runId" = run AND "NodeRun"."nodeId" = node;

  RETURN (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('verdict', "v" ->> 'verdict', 'holdId', "v" ->> 'holdId',
      'outputs', "v" -> 'outputs', 'from', "v" -> 'from',
      'cached', "v" ->> 'before' = 'cached' OR "v" ->> 'verdict' = 'hit')) ORDER BY "order")
    FROM jsonb_array_elements(verdicts) WITH ORDINALITY AS "t"("v", "order"))
    || jsonb_build_array(jsonb_build_object('available',
      CASE WHEN affordable < wanted THEN spendable(lock_account('member', owner)) + spendable_pool(department)
        ELSE 0 END, 'found', hits, 'day', CASE WHEN hits > 0 THEN usage_day(at::timestamptz(3)) END));
END
$$;

-- As before; returns what succeeded in this very write, null when nothing did.
DROP FUNCTION books_settle(uuid, uuid, uuid, jsonb);
CREATE FUNCTION books_settle(run uuid, owner uuid, department uuid, entry jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  node text := entry ->> 'nodeId';
  price bigint := (entry ->> 'price')::bigint * 1000000;
  verdicts jsonb;
  hold_id uuid;
  charge bigint;
  at timestamptz := clock_timestamp();
BEGIN
  SELECT jsonb_agg(jsonb_build_object('index', "w"."index", 'state', "w"."state", 'outputs', "w"."outputs",
      'artifacts', "w"."artifacts", 'images', COALESCE("w"."images", 0), 'failure', "w"."failure", 'worker', "w"."worker", 'holdId', "i"."holdId",
      'key', "i"."cacheKey", 'name', COALESCE("i"."name", "w"."name", ("w"."index" + 1)::text),
      'execution', COALESCE("i"."execution", 1), 'before', "i"."state",
      'late', "w"."state" = 'succeeded' AND COALESCE("i"."state" IN ('failed', 'cancelled'), false)
    ) ORDER BY "w"."index") INTO verdicts
  FROM jsonb_to_recordset(entry -> 'items') AS "w"(
    "index" int, "name" text, "state" text, "outputs" jsonb, "artifacts" jsonb, "failure" jsonb, "worker" text,
    "images" int)
  LEFT JOIN LATERAL (
    SELECT * FROM "NodeRunItem" WHERE "runId" = run AND "nodeId" = node AND "index" = "w"."index" LIMIT 1
  ) AS "i" ON true
  -- What is settled stays settled, and what was given up is given up once.
  WHERE "i"."state" IS NULL OR "i"."state" NOT IN ('succeeded', 'cached', 'failed', 'cancelled')
    OR ("w"."state" = 'succeeded' AND "i"."state" IN ('failed', 'cancelled'));
  IF verdicts IS NULL THEN RETURN NULL; END IF;

  PERFORM books_late(run, node, verdicts, 'the item had been given up');
  verdicts := jsonb_path_query_array(verdicts, '$[*] ? (@.late == false)');
  IF jsonb_array_length(verdicts) = 0 THEN RETURN NULL; END IF;

  IF price > 0 AND jsonb_path_exists(verdicts, '$[*] ? (@.state == "succeeded" && @.holdId == null)') THEN
    RAISE EXCEPTION 'An item of node "%" in run % has a price and no hold.', node, run;
  END IF;

  INSERT INTO "NodeRunItem" ("runId", "nodeId", "index", "name", "state", "outputs", "cost", "worker", "failure",
    "startedAt", "endedAt")
  SELECT run, node, "index", "name", "state"::"NodeRunState", COALESCE("outputs", '{}'),
    CASE WHEN "state" = 'succeeded' THEN price ELSE 0 END, "worker", "failure", at, at
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "state" text, "outputs" jsonb, "worker" text,
    "failure" jsonb)
  ON CONFLICT ("runId", "nodeId", "index") DO UPDATE SET "state" = EXCLUDED."state", "outputs" = EXCLUDED."outputs",
    "cost" = EXCLUDED."cost", "worker" = EXCLUDED."worker", "failure" = EXCLUDED."failure", "endedAt" = at;

  -- What needs nobody's help comes here without having been prepared.
  UPDATE "NodeRun" SET
    "state" = CASE WHEN "state" = 'queued' THEN 'running' ELSE "state" END,
    "startedAt" = COALESCE("startedAt", at),
    "itemsDone" = "itemsDone" + "t"."done",
    "itemsFailed" = "itemsFailed" + "t"."failed",
    "itemsTotal" = GREATEST("itemsTotal", "itemsDone" + "t"."done"),
    "cost" = "cost" + "t"."done" * price
  FROM (
    SELECT count(*) FILTER (WHERE "state" = 'succeeded')::int AS "done",
      count(*) FILTER (WHERE "state" = 'failed')::int AS "failed"
    FROM jsonb_to_recordset(verdicts) AS "v"("state" text)
  ) AS "t"
  WHERE "runId" = run AND "NodeRun"."nodeId" = node;

  -- In the order of the keys, so that two transactions with the same artifacts wait instead of deadlocking.
  INSERT INTO "Artifact" ("key", "mediaType", "bytes", "width", "height")
  SELECT DISTINCT ON ("a"."key") "a"."key", "a"."mediaType", "a"."bytes", "a"."width", "a"."height"
  FROM jsonb_path_query(verdicts, '$[*] ? (@.state == "succeeded").artifacts[*]') AS "p",
    jsonb_to_record("p") AS "a"("key" text, "mediaType" text, "bytes" bigint, "width" int, "height" int)
  ORDER BY "a"."key" ON CONFLICT DO NOTHING;
  INSERT INTO "ArtifactGrant" ("artifactKey", "departmentId", "memberId")
  SELECT DISTINCT "k" #>> '{}', department, owner
  FROM jsonb_path_query(verdicts, '$[*] ? (@.state == "succeeded").artifacts[*].key') AS "k"
  ORDER BY 1 ON CONFLICT DO NOTHING;

  INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "outputs",
    "artifactKeys", "cost")
  SELECT DISTINCT ON ("key") department, "key", run, node, "index", "name", "outputs", artifact_keys("outputs"), price
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "state" text, "outputs" jsonb)
  WHERE "state" = 'succeeded' AND "key" IS NOT NULL
  ORDER BY "key", "index"
  ON CONFLICT ("departmentId", "key") DO UPDATE SET "runId" = EXCLUDED."runId", "nodeId" = EXCLUDED."nodeId",
    "itemIndex" = EXCLUDED."itemIndex", "itemName" = EXCLUDED."itemName", "outputs" = EXCLUDED."outputs",
    "artifactKeys" = EXCLUDED."artifactKeys", "cost" = EXCLUDED."cost", "lastUsedAt" = at;

  FOR hold_id IN
    SELECT DISTINCT "holdId" FROM jsonb_to_recordset(verdicts) AS "v"("holdId" uuid)
    WHERE "holdId" IS NOT NULL ORDER BY 1
  LOOP
    SELECT CASE WHEN bool_or("state" = 'running') THEN NULL
        ELSE COALESCE(sum("cost") FILTER (WHERE "state" = 'succeeded'), 0) END INTO charge
      FROM "NodeRunItem" WHERE "holdId" = hold_id;
    IF charge IS NOT NULL THEN
      PERFORM resolve_hold(hold_id, (CASE WHEN charge > 0 THEN 'capture' ELSE 'release' END)::"TransferKind", charge,
        'books');
    END IF;
  END LOOP;
  RETURN (
    SELECT jsonb_build_object('uses', count(*), 'images', COALESCE(sum("images"), 0), 'tokens', count(*) * price,
      'day', usage_day(at::timestamptz(3)))
    FROM jsonb_to_recordset(verdicts) AS "v"("state" text, "images" int)
    WHERE "state" = 'succeeded' HAVING count(*) > 0);
END
$$;

-- As before; locks are taken in one order, whoever writes: run, member's account, the department's pool, claims in the
-- cache by key, then the run's own items and nodes, artifacts by key, the member's days by key.
CREATE OR REPLACE FUNCTION write_books(
  run uuid, owner uuid, department uuid, carry uuid[], missing text[], entries jsonb
) RETURNS jsonb LANGUAGE plpgsql
-- Planned once: rows are reached by their keys alone (see the LATERALs), however large the tables have grown since.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
  status "RunStatus";
  entry jsonb;
  answers jsonb := '[]';
  touched text[] := '{}';
  claims text[];
  unknown text;
  account uuid;
  pool uuid;
  answer jsonb;
  made jsonb;
  used jsonb := '[]';
BEGIN
  SELECT "Run"."status" INTO status FROM "Run" WHERE "id" = run FOR SHARE;
  SELECT "e" ->> 'nodeId' INTO unknown FROM jsonb_array_elements(entries) AS "e"
    WHERE NOT EXISTS (SELECT FROM "NodeRun" WHERE "runId" = run AND "nodeId" = "e" ->> 'nodeId') LIMIT 1;
  IF unknown IS NOT NULL THEN RETURN jsonb_build_object('unknown', unknown); END IF;

  IF status IS NULL OR status NOT IN ('queued', 'running') THEN
    FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
      IF entry ->> 'kind' = 'settle' THEN
        PERFORM books_late(run, entry ->> 'nodeId', (
          SELECT jsonb_agg(jsonb_build_object('index', "w"."index", 'execution', COALESCE("i"."execution", 1),
            'late', "w"."state" = 'succeeded' AND ("i"."state" IS NULL OR "i"."state" NOT IN ('succeeded', 'cached'))))
          FROM jsonb_to_recordset(entry -> 'items') AS "w"("index" int, "state" text)
          LEFT JOIN LATERAL (
            SELECT * FROM "NodeRunItem"
            WHERE "runId" = run AND "nodeId" = entry ->> 'nodeId' AND "index" = "w"."index" LIMIT 1
          ) AS "i" ON true),
          'the run had ended as ' || status);
      END IF;
    END LOOP;
    RETURN jsonb_build_object('ended', status);
  END IF;

  IF jsonb_path_exists(entries, '$[*] ? (@.kind != "mark" && @.price > 0)') THEN
    account := lock_account('member', owner);
    SELECT "id" INTO pool FROM "Account" WHERE "kind" = 'pool' AND "holderId" = department;
    -- The department's pool is locked by who needs it alone: others of the department do not wait.
    IF pool IS NOT NULL AND (EXISTS (
      SELECT FROM jsonb_array_elements(entries) AS "e"
      CROSS JOIN LATERAL jsonb_to_recordset("e" -> 'items') AS "w"("index" int)
      CROSS JOIN LATERAL (
        SELECT "holdId" FROM "NodeRunItem"
        WHERE "runId" = run AND "nodeId" = "e" ->> 'nodeId' AND "index" = "w"."index" LIMIT 1
      ) AS "i"
      CROSS JOIN LATERAL (SELECT "poolAmount" FROM "Transfer" WHERE "id" = "i"."holdId" LIMIT 1) AS "h"
      WHERE "e" ->> 'kind' = 'settle' AND "h"."poolAmount" > 0
    ) OR spendable(account) < (
      SELECT COALESCE(sum(("e" ->> 'price')::bigint * 1000000 * jsonb_array_length("e" -> 'items')), 0)
      FROM jsonb_array_elements(entries) AS "e" WHERE "e" ->> 'kind' = 'prepare'
    )) THEN
      PERFORM lock_pool(department);
    END IF;
  END IF;
  IF jsonb_path_exists(entries, '$[*] ? (@.kind == "prepare" && @.lookUp == true).items[*].key ? (@ != null)') THEN
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "artifactKeys")
    SELECT DISTINCT ON ("w"."key") department, "w"."key", run, "e"."value" ->> 'nodeId', "w"."index", "w"."name", '{}'
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS "e"("value", "order"),
      jsonb_to_recordset("e"."value" -> 'items') AS "w"("position" int, "index" int, "name" text, "key" text)
    WHERE "e"."value" ->> 'kind' = 'prepare' AND ("e"."value" ->> 'lookUp')::boolean AND "w"."key" IS NOT NULL
    ORDER BY "w"."key", "e"."order", "w"."position"
    ON CONFLICT DO NOTHING;
    claims := ARRAY(
      SELECT "k" #>> '{}' FROM jsonb_path_query(entries, '$[*] ? (@.kind == "prepare").items[*].key') AS "k"
      UNION
      SELECT "i"."cacheKey" FROM jsonb_array_elements(entries) AS "e"
      CROSS JOIN LATERAL jsonb_to_recordset("e" -> 'items') AS "w"("index" int)
      CROSS JOIN LATERAL (
        SELECT "cacheKey" FROM "NodeRunItem"
        WHERE "runId" = run AND "nodeId" = "e" ->> 'nodeId' AND "index" = "w"."index" LIMIT 1
      ) AS "i"
      WHERE "e" ->> 'kind' = 'settle');
    PERFORM FROM "CacheEntry" WHERE "departmentId" = department AND "key" = ANY (claims)
      ORDER BY "key" FOR NO KEY UPDATE;
  END IF;

  FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
    touched := array_append(array_remove(touched, entry ->> 'nodeId'), entry ->> 'nodeId');
    CASE entry ->> 'kind'
      WHEN 'mark' THEN
        PERFORM books_mark(run, entry);
        answers := answers || '[null]';
      WHEN 'prepare' THEN
        answer := books_prepare(run, owner, department, carry, missing, entry);
        answers := answers || jsonb_build_array(answer);
        IF entry ->> 'tool' IS NOT NULL AND (answer -> -1 ->> 'found')::int > 0 THEN
          used := used || jsonb_build_object('tool', entry -> 'tool', 'model', entry -> 'model', 'uses', 0, 'images', 0,
            'tokens', 0, 'day', answer -> -1 -> 'day', 'found', answer -> -1 -> 'found',
            'saved', (answer -> -1 ->> 'found')::bigint * (entry ->> 'price')::bigint * 1000000);
        END IF;
      ELSE
        made := books_settle(run, owner, department, entry);
        answers := answers || '[null]';
        IF entry ->> 'tool' IS NOT NULL AND made IS NOT NULL THEN
          used := used || (made || jsonb_build_object('tool', entry -> 'tool', 'model', entry -> 'model', 'found', 0,
            'saved', 0));
        END IF;
    END CASE;
  END LOOP;

  PERFORM log_node_runs(run, owner, department, touched);
  IF used <> '[]' THEN PERFORM count_usage(owner, department, used); END IF;
  RETURN jsonb_build_object('answers', answers);
END
$$;

-- As before; the pool's part of a hold ends with the other.
CREATE OR REPLACE FUNCTION end_run(run uuid, how "RunStatus", why jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  ending "Run";
  at timestamptz := clock_timestamp();
  closed text[];
  hold record;
BEGIN
  SELECT * INTO ending FROM "Run" WHERE "id" = run FOR NO KEY UPDATE;
  IF NOT FOUND OR ending."status" NOT IN ('queued', 'running') THEN RETURN false; END IF;
  UPDATE "NodeRunItem" SET "state" = 'cancelled', "endedAt" = at
    WHERE "runId" = run AND "state" IN ('queued', 'holding', 'running');
  WITH "ended" AS (
    UPDATE "NodeRun" SET "endedAt" = at, "state" = (CASE
        WHEN "state" = 'queued' THEN CASE WHEN how = 'cancelled' THEN 'cancelled' ELSE 'skipped' END
        ELSE CASE WHEN how = 'failed' THEN 'failed' ELSE 'cancelled' END END)::"NodeRunState"
    WHERE "runId" = run AND "state" IN ('queued', 'holding', 'running') RETURNING "nodeId"
  ) SELECT array_agg("nodeId") INTO closed FROM "ended";
  UPDATE "Run" SET "status" = how, "endedAt" = at, "failure" = COALESCE(why, "failure"),
    "saved" = (SELECT COALESCE(sum("saved"), 0) FROM "NodeRun" WHERE "runId" = run)
  WHERE "id" = run;
  FOR hold IN
    SELECT "h"."id", (SELECT COALESCE(sum("i"."cost"), 0)::bigint FROM "NodeRunItem" AS "i"
        WHERE "i"."holdId" = "h"."id" AND "i"."state" = 'succeeded') AS "charge"
    FROM "Transfer" AS "h" WHERE "h"."runId" = run AND "h"."kind" = 'hold' AND "h"."poolOf" IS NULL
      AND NOT EXISTS (SELECT FROM "Transfer" AS "r" WHERE "r"."resolves" = "h"."id")
    ORDER BY "h"."createdAt", "h"."id"
  LOOP
    PERFORM resolve_hold(hold."id", (CASE WHEN hold."charge" > 0 THEN 'capture' ELSE 'release' END)::"TransferKind",
      hold."charge", 'books');
  END LOOP;
  DELETE FROM "CacheEntry" WHERE ("departmentId", "key") IN (
    SELECT "departmentId", "key" FROM "CacheEntry" WHERE "runId" = run AND "outputs" IS NULL FOR UPDATE SKIP LOCKED);
  PERFORM log_node_runs(run, ending."ownerId", ending."departmentId", closed);
  INSERT INTO "RunEventLog" ("xid", "runId", "ownerId", "departmentId", "body")
  VALUES (pg_current_xact_id()::text::bigint, run, ending."ownerId", ending."departmentId",
    jsonb_build_object('type', 'run-status', 'runId', run, 'status', how));
  RETURN true;
END
$$;

-- What was made before there was a count of it. Tools are those that there were then; runs that the retention sweep has
-- removed cannot be counted any more.
INSERT INTO "UsageDay" ("day", "memberId", "departmentId", "tool", "model", "uses", "images", "found", "tokens", "saved")
SELECT usage_day("i"."endedAt"), "r"."ownerId", "r"."departmentId", "n"."type", COALESCE("p"."node" ->> 'model', ''),
  count(*) FILTER (WHERE "i"."state" = 'succeeded'),
  COALESCE(sum(jsonb_array_length("i"."outputs" -> 'image')) FILTER (WHERE "i"."state" = 'succeeded'
    AND jsonb_typeof("i"."outputs" -> 'image') = 'array'), 0),
  count(*) FILTER (WHERE "i"."state" = 'cached'), COALESCE(sum("i"."cost"), 0), COALESCE(sum("i"."saved"), 0)
FROM "NodeRun" AS "n"
JOIN "Run" AS "r" ON "r"."id" = "n"."runId"
JOIN "NodeRunItem" AS "i" ON "i"."runId" = "n"."runId" AND "i"."nodeId" = "n"."nodeId"
LEFT JOIN LATERAL (
  SELECT jsonb_path_query_first("r"."plan", '$.nodes[*] ? (@.id == $id)', jsonb_build_object('id', "n"."nodeId")) AS "node"
) AS "p" ON true
WHERE "i"."state" IN ('succeeded', 'cached') AND "i"."endedAt" IS NOT NULL AND "p"."node" -> 'pinned' IS NULL
  AND "n"."type" IN ('draw-defect', 'text-to-image', 'image-to-image', 'inpaint', 'clean-up', 'remove-background',
    'upscale', 'suggest-prompts')
GROUP BY 1, 2, 3, 4, 5
ON CONFLICT DO NOTHING;
